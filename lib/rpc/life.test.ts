import { afterEach, expect, test } from 'vitest';
import { holdLife, type LifeLocks, type LiveRequest, watchLife } from './life';

/** Locks of one agent of several: given in order, and free again once the agent that holds one has ended. */
class SharedLocks {
  readonly #held = new Map<string, { readonly agent: string; readonly waiting: (() => void)[] }>();

  of(agent: string): LifeLocks {
    return {
      request: (name, { signal }, task) =>
        new Promise((resolve, reject) => {
          const take = () => {
            this.#held.set(name, { agent, waiting: [] });
            void task().then(() => {
              this.#free(name);
              resolve();
            });
          };
          const held = this.#held.get(name);
          if (!held) return void take();
          held.waiting.push(() => {
            if (!signal?.aborted) take();
          });
          signal?.addEventListener('abort', () => {
            reject(signal.reason as Error);
          });
        }),
    };
  }

  #free(name: string): void {
    const waiting = this.#held.get(name)?.waiting ?? [];
    this.#held.delete(name);
    waiting.shift()?.();
  }

  end(agent: string): void {
    for (const [name, held] of [...this.#held]) if (held.agent === agent) this.#free(name);
  }
}

const channels: MessageChannel[] = [];
afterEach(() => {
  for (const { port1, port2 } of channels.splice(0)) for (const port of [port1, port2]) port.close();
});

const soon = () => new Promise((resolve) => setTimeout(resolve, 20));

/** A page and its worker, which close without a word. */
async function start() {
  const locks = new SharedLocks();
  const { port1, port2 } = channels[channels.push(new MessageChannel()) - 1] as MessageChannel;
  port2.addEventListener('message', ({ data }) => {
    holdLife(port2, data as LiveRequest, locks.of('worker'));
  });
  port1.start();
  port2.start();
  let ends = 0;
  const stop = watchLife(port1, () => ends++, locks.of('page'));
  await soon();
  return {
    stop,
    ends: () => ends,
    end: async () => {
      locks.end('worker');
      await soon();
    },
  };
}

test('the end of a worker is noticed, once, though it says nothing', async () => {
  const { ends, end } = await start();
  expect(ends()).toBe(0);
  await end();
  expect(ends()).toBe(1);
});

test('a worker that the page itself ends is no news', async () => {
  const { ends, end, stop } = await start();
  stop();
  await end();
  expect(ends()).toBe(0);
});

test('without locks nothing is asked of the worker', async () => {
  const { port1, port2 } = channels[channels.push(new MessageChannel()) - 1] as MessageChannel;
  const heard: unknown[] = [];
  port2.addEventListener('message', ({ data }) => heard.push(data));
  port2.start();
  watchLife(port1, () => undefined, undefined);
  await soon();
  expect(heard).toEqual([]);
});
