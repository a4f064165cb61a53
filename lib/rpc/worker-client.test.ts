import { afterEach, describe, expect, test } from 'vitest';
import { EngineError } from '@/lib/domain';
import { serve } from './rpc';
import { WorkerClient, type WorkerClientOptions } from './worker-client';
import { NOT_STARTED, type WorkerLink } from './worker-link';

interface Methods {
  /** How often this very worker was asked. */
  count: { request: undefined; notice: never; chunk: never; reply: number };
  fail: { request: { readonly code: 'model-missing' | 'failed' }; notice: never; chunk: never; reply: undefined };
  wait: { request: undefined; notice: string; chunk: never; reply: undefined };
  /** Comes to no end, whoever gives it up. */
  hang: { request: undefined; notice: string; chunk: never; reply: undefined };
  hangingStream: { request: undefined; notice: never; chunk: number; reply: undefined };
  numbers: { request: { readonly until: number }; notice: never; chunk: number; reply: undefined };
  bytes: { request: undefined; notice: never; chunk: never; reply: Uint8Array<ArrayBuffer> };
}

interface FakeWorker {
  terminated: number;
  stopped: boolean;
  sent: Uint8Array | null;
  crash(reason?: string): void;
}

/** Workers behind message channels, in the order in which they were started. */
const workers: FakeWorker[] = [];

function spawn(): WorkerLink {
  const { port1, port2 } = new MessageChannel();
  let count = 0;
  const crashed: ((reason: string) => void)[] = [];
  const worker: FakeWorker = {
    terminated: 0,
    stopped: false,
    sent: null,
    crash: (reason = 'a fault for a test') => {
      for (const listener of crashed) listener(reason);
    },
  };
  workers.push(worker);
  serve<Methods>(port2, {
    count: { call: () => Promise.resolve(++count) },
    fail: {
      call: ({ code }) =>
        Promise.reject(code === 'failed' ? new TypeError('odd') : new EngineError(code, { file: 'x' })),
    },
    wait: {
      call: (_, { signal, notify }) =>
        new Promise((_resolve, reject) => {
          notify('waiting');
          signal.addEventListener('abort', () => {
            worker.stopped = true;
            reject(new EngineError('aborted'));
          });
        }),
    },
    hang: {
      call: (_, { notify }) => {
        notify('waiting');
        return new Promise(() => undefined);
      },
    },
    hangingStream: {
      stream: async function* () {
        yield 1;
        await new Promise(() => undefined);
      },
      transfer: () => [],
    },
    numbers: {
      stream: async function* ({ until }) {
        for (let i = 0; i < until; i++) yield await Promise.resolve(i);
      },
      transfer: () => [],
    },
    bytes: {
      call: () => Promise.resolve((worker.sent = Uint8Array.of(1, 2, 3))),
      transfer: ({ buffer }) => [buffer],
    },
  });
  port1.start();
  port2.start();
  return {
    endpoint: port1,
    onCrash: (listener) => crashed.push(listener),
    terminate: () => {
      worker.terminated++;
      port1.close();
      port2.close();
    },
  };
}

const clients: WorkerClient<Methods>[] = [];
const setUp = (options?: WorkerClientOptions) => {
  const client = new WorkerClient<Methods>(spawn, options);
  clients.push(client);
  return client;
};
afterEach(() => {
  for (const client of clients.splice(0)) client.dispose();
  workers.length = 0;
});
const code = (expected: string) => expect.objectContaining({ code: expected }) as unknown;
const waiting = (client: WorkerClient<Methods>, signal?: AbortSignal, method: 'wait' | 'hang' = 'wait') => {
  let result: Promise<unknown> = Promise.resolve();
  const begun = new Promise<void>((resolve) => {
    result = client.call(method, undefined, { signal, onNotice: () => resolve() }).catch((error: unknown) => error);
  });
  return begun.then(() => ({ result }));
};

describe('a worker', () => {
  test('whose script did not arrive is missing, not crashed', async () => {
    const client = setUp();
    const { result } = await waiting(client);
    workers[0]?.crash(NOT_STARTED);
    expect(await result).toEqual(code('worker-missing'));
    expect(await client.call('count', undefined)).toBe(1);
  });

  test('starts at the first call, and one answers them all', async () => {
    const client = setUp();
    expect(workers).toHaveLength(0);
    expect(client.running).toBeNull();
    expect([await client.call('count', undefined), await client.call('count', undefined)]).toEqual([1, 2]);
    expect(workers).toHaveLength(1);
    expect(client.running).toBe(client.start());
  });

  test('that crashes is terminated, fails its calls, and the next call gets a fresh one', async () => {
    const client = setUp();
    await client.call('count', undefined);
    const before = client.running;
    const { result } = await waiting(client);
    workers[0]!.crash('out of luck');
    expect(await result).toMatchObject({ code: 'worker-crashed', data: { detail: 'out of luck' } });
    expect(workers[0]!.terminated).toBe(1);
    expect(client.running).toBeNull();
    expect(await client.call('count', undefined)).toBe(1);
    expect(workers).toHaveLength(2);
    expect(client.running).not.toBe(before);
  });

  test('that tells of its crash twice does not take its successor with it', async () => {
    const client = setUp();
    await client.call('count', undefined);
    workers[0]!.crash();
    await client.call('count', undefined);
    workers[0]!.crash();
    expect(await client.call('count', undefined)).toBe(2);
    expect(workers.map(({ terminated }) => terminated > 0)).toEqual([true, false]);
  });

  test('that crashes ends its streams, too', async () => {
    const client = setUp();
    const taken: number[] = [];
    const draw = async () => {
      for await (const each of client.start().stream('numbers', { until: 1e6 })) {
        taken.push(each);
        if (each === 3) workers[0]!.crash();
      }
    };
    await expect(draw()).rejects.toThrow(EngineError);
    expect(taken.slice(0, 4)).toEqual([0, 1, 2, 3]);
    expect(taken.length).toBeLessThan(10);
  });

  test('is replaced on demand', async () => {
    const client = setUp();
    client.restart();
    expect(workers).toHaveLength(0);
    const { result } = await waiting(client);
    client.restart();
    expect(await result).toEqual(code('worker-crashed'));
    expect(await client.call('count', undefined)).toBe(1);
    expect(workers.map(({ terminated }) => terminated)).toEqual([1, 0]);
  });

  test('that cannot be started rejects the call, and is tried again at the next', async () => {
    let tries = 0;
    const client = new WorkerClient<Methods>(() => {
      if (tries++ === 0) throw new Error('forbidden');
      return spawn();
    });
    clients.push(client);
    await expect(client.call('count', undefined)).rejects.toThrow('forbidden');
    expect(await client.call('count', undefined)).toBe(1);
  });
});

test('errors of handlers keep their class, code and data', async () => {
  const client = setUp();
  const missing = await client.call('fail', { code: 'model-missing' }).catch((error: unknown) => error);
  expect(missing).toBeInstanceOf(EngineError);
  expect(missing).toMatchObject({
    code: 'model-missing',
    data: { file: 'x' },
    message: 'The model file x is missing.',
  });
  await expect(client.call('fail', { code: 'failed' })).rejects.toMatchObject({
    code: 'failed',
    data: { detail: 'odd' },
  });
  expect(workers[0]!.terminated).toBe(0);
});

test('an abort stops the handler and leaves the worker alive', async () => {
  const client = setUp();
  const stop = new AbortController();
  const { result } = await waiting(client, stop.signal);
  stop.abort();
  expect(await result).toEqual(code('aborted'));
  expect(await client.call('count', undefined)).toBe(1);
  expect(workers).toHaveLength(1);
  expect(workers[0]!.stopped).toBe(true);
});

describe('a worker that goes on with what was given up', () => {
  test('is replaced, and what is called meanwhile is answered by the next one', async () => {
    const client = setUp({ patienceMs: 20 });
    const stop = new AbortController();
    const { result } = await waiting(client, stop.signal, 'hang');
    stop.abort();
    expect(await result).toEqual(code('aborted'));
    expect(await Promise.all([client.call('count', undefined), client.call('count', undefined)])).toEqual([1, 2]);
    expect(workers.map(({ terminated }) => terminated)).toEqual([1, 0]);
  });

  test('is replaced where a stream was given up', async () => {
    const client = setUp({ patienceMs: 20 });
    for await (const each of client.start().stream('hangingStream', undefined)) if (each === 1) break;
    expect(await client.call('count', undefined)).toBe(1);
    expect(workers.map(({ terminated }) => terminated)).toEqual([1, 0]);
  });

  test('is kept if it stops in time', async () => {
    const client = setUp({ patienceMs: 10_000 });
    const stop = new AbortController();
    const { result } = await waiting(client, stop.signal);
    stop.abort();
    await result;
    for await (const each of client.start().stream('numbers', { until: 9 })) if (each === 3) break;
    expect(await client.call('count', undefined)).toBe(1);
    expect(workers).toHaveLength(1);
  });

  test('is not waited for by a call that is given up itself', async () => {
    const client = setUp({ patienceMs: 10_000 });
    const stop = new AbortController();
    const { result } = await waiting(client, stop.signal, 'hang');
    stop.abort();
    await result;
    const again = new AbortController();
    const next = client.call('count', undefined, { signal: again.signal });
    again.abort();
    await expect(next).rejects.toEqual(code('aborted'));
  });

  test('is let alone without a limit', async () => {
    const client = setUp();
    const stop = new AbortController();
    const { result } = await waiting(client, stop.signal, 'hang');
    stop.abort();
    await result;
    expect(await client.call('count', undefined)).toBe(1);
    expect(workers).toHaveLength(1);
  });
});

test('a worker is ended when a watch is up, and is kept where the watch is stopped', async () => {
  const client = setUp();
  const { result } = await waiting(client, undefined, 'hang');
  const kept = client.watch();
  kept.start(10, () => new EngineError('failed'));
  kept.stop();
  const watch = client.watch();
  watch.start(10, () => new EngineError('bad-request', { problem: 'Too slow.' }));
  await expect(watch.during(result)).rejects.toEqual(code('bad-request'));
  expect(await result).toEqual(code('worker-crashed'));
  expect(workers[0]!.terminated).toBe(1);
  expect(await client.call('count', undefined)).toBe(1);
});

test('memory that ran out is told from other crashes', async () => {
  const client = setUp();
  const { result } = await waiting(client);
  workers[0]!.crash('Worker terminated due to reaching memory limit: JS heap out of memory');
  expect(await result).toEqual(code('out-of-memory'));
});

test('what a handler transfers is moved, not copied', async () => {
  const client = setUp();
  expect([...(await client.call('bytes', undefined))]).toEqual([1, 2, 3]);
  expect(workers[0]!.sent).toHaveLength(0);
});

test('dispose ends the worker and everything asked of it, for good', async () => {
  const client = setUp();
  const { result } = await waiting(client);
  client.dispose();
  expect(await result).toEqual(code('disposed'));
  expect(workers[0]!.terminated).toBe(1);
  await expect(client.call('count', undefined)).rejects.toEqual(code('disposed'));
  expect(() => client.start()).toThrow(EngineError);
  client.dispose();
  expect(workers).toHaveLength(1);
});
