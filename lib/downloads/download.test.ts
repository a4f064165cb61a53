import 'fake-indexeddb/auto';
import { IDBFactory } from 'fake-indexeddb';
import fc from 'fast-check';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { type Depot, MemoryDepot } from './depot';
import { download, type Downloaded } from './download';
import { IndexedDbDepot } from './indexeddb-depot';
import { OpfsDepot } from './opfs-depot';
import type { DownloadProgress } from './progress';
import { ModelStore } from './store';
import { FakeOpfs } from './testing/fake-opfs';
import { noise, quickNet, startHub } from './testing/hub';
import type { Fault } from './testing/hub-server';

type Hub = Awaited<ReturnType<typeof startHub>>;

const KB = 1024;
const files = {
  'config.json': noise(300, 1),
  'onnx/gen_head_fp16.onnx': noise(90 * KB + 7, 2),
  'onnx/language_model_q4f16.onnx': noise(250 * KB + 3, 3),
  'onnx/image_decode.onnx': noise(130 * KB, 4),
  'onnx/empty.onnx_data': noise(0, 5),
};
const LM = 'onnx/language_model_q4f16.onnx';

const hubs: Hub[] = [];
afterEach(async () => {
  for (const { server } of hubs.splice(0)) await server.stop();
});

const setUp = async (content: Readonly<Record<string, Uint8Array>> = files): Promise<Hub> => {
  const hub = await startHub(content);
  hubs.push(hub);
  return hub;
};

const PIECE = 10 * KB;

/** Storages of every kind; `reopen` is what the next visit finds. */
const storages: Record<
  string,
  () => Promise<{ readonly reopen: () => Promise<ModelStore>; readonly lasting: boolean }>
> = {
  'the private file system': () => {
    const system = new FakeOpfs();
    return Promise.resolve({
      reopen: async () => new ModelStore(await OpfsDepot.open(system.root), PIECE),
      lasting: true,
    });
  },
  'the database': () => {
    const factory = new IDBFactory();
    return Promise.resolve({
      reopen: async () => {
        vi.stubGlobal('indexedDB', factory);
        return new ModelStore(await IndexedDbDepot.open(), PIECE);
      },
      lasting: true,
    });
  },
  memory: () => {
    const depot: Depot = new MemoryDepot();
    return Promise.resolve({ reopen: () => Promise.resolve(new ModelStore(depot, PIECE)), lasting: false });
  },
};

const run = (
  hub: Hub,
  store: ModelStore,
  options: { signal?: AbortSignal; onProgress?: (progress: DownloadProgress) => void; idleMs?: number } = {},
) =>
  download(
    { origin: hub.origin, files: hub.listed },
    { store, locks: hub.locks, net: quickNet(options.signal), ...options },
  );

const bytesOf = async (blob: Blob | null | undefined) => (blob ? new Uint8Array(await blob.arrayBuffer()) : null);

const expectRight = async (hub: Hub, { blobs }: Downloaded, content: Readonly<Record<string, Uint8Array>> = files) => {
  for (const file of hub.listed) {
    expect(
      Buffer.compare(Buffer.from((await bytesOf(blobs.get(file))) ?? [255]), Buffer.from(content[file.path] ?? [])),
      file.path,
    ).toBe(0);
  }
};

describe.each(Object.entries(storages))('with %s', (_name, open) => {
  test('files arrive verified, once, and are there on the next visit', async () => {
    const hub = await setUp();
    const { reopen, lasting } = await open();
    const first = await run(hub, await reopen());
    await expectRight(hub, first);
    expect(first.lasting).toBe(lasting);
    const asked = hub.server.asked.length;
    await expectRight(hub, await run(hub, await reopen()));
    expect(hub.server.asked).toHaveLength(asked);
    // The empty file needs no request at all.
    expect(asked).toBe(hub.listed.length - 1);
  });

  test('a download that was given up goes on where it was, to the byte', async () => {
    const hub = await setUp();
    const { reopen } = await open();
    const stop = new AbortController();
    hub.server.fault = ({ path, before }) =>
      path === LM && before === 0 ? { kind: 'stall', afterBytes: 123_457 } : null;
    const given = run(hub, await reopen(), {
      signal: stop.signal,
      onProgress: ({ files: progress }) => {
        if ((progress.find(({ path }) => path === LM)?.receivedBytes ?? 0) >= 123_457) stop.abort();
      },
    });
    await expect(given).rejects.toMatchObject({ code: 'aborted' });
    const lm = hub.listed.find(({ path }) => path === LM);
    expect(await (await reopen()).state(lm!)).toEqual({ state: 'part', bytes: 123_457 });
    await expectRight(hub, await run(hub, await reopen()));
    expect(hub.server.asked.filter(({ path }) => path === LM).map(({ range }) => range)).toEqual([
      null,
      'bytes=123457-',
    ]);
  });

  test('a model is listed, and forgotten with the files that no other has', async () => {
    const hub = await setUp();
    const { reopen, lasting } = await open();
    const store = await reopen();
    await run(hub, store);
    const other = { kind: 'url', url: 'https://elsewhere.example/' } as const;
    const shared = hub.listed.slice(0, 2);
    await store.remember({ origin: other, files: shared });
    expect((await (await reopen()).records()).map(({ origin }) => origin)).toEqual(
      expect.arrayContaining([hub.origin, other]),
    );
    await store.forget(hub.origin);
    for (const file of hub.listed) expect((await store.blob(file)) !== null, file.path).toBe(shared.includes(file));
    await store.forget(other);
    expect(await store.depot.list()).toEqual([]);
    expect(await store.strays()).toEqual([]);
    expect(store.lasting).toBe(lasting);
  });
});

describe('a server on a bad day', () => {
  const withFaults = async (faults: readonly (Fault | null)[], path = LM) => {
    const hub = await setUp();
    hub.server.fault = (asked) => (asked.path === path ? (faults[asked.before] ?? null) : null);
    const store = new ModelStore(await OpfsDepot.open(new FakeOpfs().root), PIECE);
    return {
      hub,
      store,
      result: run(hub, store, { idleMs: 300 }),
      asked: () => hub.server.asked.filter((each) => each.path === path),
    };
  };

  test('cut connections: what came is kept, and no byte is sent twice', async () => {
    const { hub, result } = await withFaults([70, 60, 65].map((kb) => ({ kind: 'drop', afterBytes: kb * KB + 1 })));
    await expectRight(hub, await result);
    expect(hub.server.sentBytes.get(LM)).toBe(files[LM].length);
  });

  test('a connection that brings nothing more is given up and taken up again', async () => {
    const { hub, result, asked } = await withFaults([{ kind: 'stall', afterBytes: 99 }]);
    await expectRight(hub, await result);
    expect(asked().map(({ range }) => range)).toEqual([null, 'bytes=99-']);
  });

  test.each<[string, readonly (Fault | null)[]]>([
    ['ignores Range', [{ kind: 'drop', afterBytes: 1000 }, { kind: 'ignore-range' }]],
    [
      'sends another part and says so',
      [
        { kind: 'drop', afterBytes: 1000 },
        { kind: 'wrong-range', shift: 5, honest: true },
      ],
    ],
    [
      'sends another part and does not say so',
      [
        { kind: 'drop', afterBytes: 1000 },
        { kind: 'wrong-range', shift: -5, honest: false },
      ],
    ],
    ['says that the file is shorter', [{ kind: 'short', bytes: 5000 }]],
    ['sends more than the file', [{ kind: 'long', bytes: 9 }]],
    ['alters a byte', [{ kind: 'alter', at: 77 }]],
    ['compresses', [{ kind: 'gzip' }]],
    ['sends a page in place of the file', [{ kind: 'page' }, { kind: 'page' }]],
    [
      'is busy, then fails, then is there',
      [
        { kind: 'status', status: 429, retryAfter: '3' },
        { kind: 'status', status: 500 },
        { kind: 'status', status: 503 },
      ],
    ],
    ['sends a date to wait for', [{ kind: 'status', status: 503, retryAfter: new Date().toUTCString() }]],
    [
      'says that there is no such part',
      [
        { kind: 'drop', afterBytes: 1000 },
        { kind: 'status', status: 416 },
      ],
    ],
  ])('that %s: the file is right in the end', async (_what, faults) => {
    const { hub, result } = await withFaults(faults);
    await expectRight(hub, await result);
  });

  test.each<[string, Fault, object]>([
    ['has no such file', { kind: 'status', status: 404 }, { code: 'model-missing', data: { file: LM } }],
    ['does not give it to everybody', { kind: 'status', status: 403 }, { code: 'no-permission', data: { file: LM } }],
    ['stays busy', { kind: 'status', status: 429 }, { code: 'server-busy', data: { file: LM } }],
    [
      'keeps failing',
      { kind: 'status', status: 500 },
      { code: 'network', data: { file: LM, detail: 'the server answered 500' } },
    ],
    ['keeps cutting the connection', { kind: 'drop', afterBytes: 0 }, { code: 'network', data: { file: LM } }],
    ['keeps ending too soon', { kind: 'short', bytes: 0 }, { code: 'model-truncated', data: { file: LM } }],
    ['keeps altering the file', { kind: 'alter', at: 5 }, { code: 'model-altered', data: { file: LM } }],
    ['keeps sending too much', { kind: 'long', bytes: 1 }, { code: 'model-altered', data: { file: LM } }],
  ])('that %s: one error that names the file, and nothing wrong is kept', async (_what, fault, error) => {
    const { hub, store, result } = await withFaults(Array<Fault>(40).fill(fault));
    await expect(result).rejects.toMatchObject(error);
    expect(await store.blob(hub.listed.find(({ path }) => path === LM)!)).toBeNull();
    hub.server.fault = () => null;
    await expectRight(hub, await run(hub, store));
  });

  test('waits as long as it is asked to, at most a minute', async () => {
    const hub = await setUp();
    hub.server.fault = ({ path, before }) =>
      path === LM && before < 2 ? { kind: 'status', status: 429, retryAfter: before === 0 ? '3' : '9999' } : null;
    const net = quickNet();
    await download(
      { origin: hub.origin, files: hub.listed },
      { store: new ModelStore(new MemoryDepot()), locks: hub.locks, net },
    );
    expect(net.waits).toEqual([3000, 60_000]);
  });
});

describe('without a network', () => {
  const unreachable = () => Promise.reject(new TypeError('Failed to fetch'));

  test('a download fails at once, waits for nothing, and does not begin later', async () => {
    const hub = await setUp();
    const store = new ModelStore(new MemoryDepot());
    let isOffline = true;
    let asked = 0;
    const net = quickNet(undefined, () => isOffline);
    const cut: typeof fetch = (...given) => (asked++, isOffline ? unreachable() : fetch(...given));
    const begin = () =>
      download({ origin: hub.origin, files: hub.listed }, { store, locks: hub.locks, net: { ...net, fetch: cut } });
    await expect(begin()).rejects.toMatchObject({ code: 'network' });
    expect(net.waits).toEqual([]);
    isOffline = false;
    const before = asked;
    await new Promise((resolve) => setTimeout(resolve, 0));
    expect(asked).toBe(before);
    await expectRight(hub, await begin());
  });

  test('a download that nobody answers fails within a second, even where the browser does not know that it is offline', async () => {
    const hub = await setUp();
    const net = quickNet();
    const result = download(
      { origin: hub.origin, files: hub.listed },
      { store: new ModelStore(new MemoryDepot()), locks: hub.locks, net: { ...net, fetch: unreachable } },
    );
    await expect(result).rejects.toMatchObject({ code: 'network' });
    expect(Math.max(...net.waits)).toBeLessThan(1000);
  });

  test('a first request that fails alone does no harm', async () => {
    const hub = await setUp();
    let asked = 0;
    const flaky: typeof fetch = (...given) => (asked++ === 0 ? unreachable() : fetch(...given));
    const result = await download(
      { origin: hub.origin, files: hub.listed },
      { store: new ModelStore(new MemoryDepot()), locks: hub.locks, net: { ...quickNet(), fetch: flaky } },
    );
    await expectRight(hub, result);
  });

  test('one that was under way goes on once the network is back', async () => {
    const hub = await setUp();
    let isOffline = false;
    let asked = 0;
    const net = quickNet(undefined, () => isOffline);
    hub.server.fault = ({ path, before }) =>
      path === LM && before === 0 ? { kind: 'drop', afterBytes: 100 * KB } : null;
    const cut: typeof fetch = (...given) => {
      // The network is gone for three requests, after the first connections have brought something.
      isOffline = ++asked > 5 && asked <= 8;
      return isOffline ? unreachable() : fetch(...given);
    };
    const store = new ModelStore(new MemoryDepot());
    const result = await download(
      { origin: hub.origin, files: hub.listed },
      { store, locks: hub.locks, net: { ...net, fetch: cut }, parallel: 1 },
    );
    await expectRight(hub, result);
    expect(net.waits.length).toBeGreaterThan(0);
  });
});

describe('a disk that is full', () => {
  test.each([0, 300, 100 * KB, 200 * KB + 50])(
    'after %i bytes: the files go on in memory, and that is said',
    async (quota) => {
      const hub = await setUp();
      const system = new FakeOpfs();
      const depot = await OpfsDepot.open(system.root);
      system.quota = quota;
      const store = new ModelStore(depot, PIECE);
      const told: boolean[] = [];
      const result = await run(hub, store, { onProgress: ({ lasting }) => told.push(lasting) });
      await expectRight(hub, result);
      expect(result.lasting).toBe(false);
      expect(told.at(-1)).toBe(false);
      expect(system.usedBytes).toBeLessThanOrEqual(quota);
      const asked = hub.server.asked.length;
      await expectRight(hub, await run(hub, store));
      expect(hub.server.asked).toHaveLength(asked);
      // The next visit, with room: what had fitted is not downloaded again.
      system.quota = Infinity;
      const before = [...system.files.values()].reduce((sum, { data }) => sum + data.length, 0);
      const sent = () => [...hub.server.sentBytes.values()].reduce((sum, bytes) => sum + bytes, 0);
      const sentBefore = sent();
      await expectRight(hub, await run(hub, new ModelStore(depot, PIECE)));
      const all = hub.listed.reduce((sum, { bytes }) => sum + bytes, 0);
      expect(sent() - sentBefore).toBeLessThanOrEqual(all);
      if (quota > 50 * KB) expect(sent() - sentBefore).toBeLessThanOrEqual(all - before + 2 * KB);
    },
  );
});

test('a disk that takes a file and loses it: the file goes on in memory', async () => {
  const hub = await setUp();
  const system = new FakeOpfs();
  const depot = await OpfsDepot.open(system.root);
  const blob = depot.blob.bind(depot);
  depot.blob = async (name) => {
    const found = await blob(name);
    return found && found.size > 100 * KB ? found.slice(0, 50 * KB) : found;
  };
  const result = await run(hub, new ModelStore(depot, PIECE));
  await expectRight(hub, result);
  expect(result.lasting).toBe(false);
});

test('two tabs download one file once: the second waits and finds it', async () => {
  const hub = await setUp();
  hub.server.answerMs = 60;
  const depot = await OpfsDepot.open(new FakeOpfs().root);
  const phases = new Set<string>();
  const [one, other] = await Promise.all([
    run(hub, new ModelStore(depot, PIECE)),
    run(hub, new ModelStore(depot, PIECE), {
      onProgress: (progress) => progress.files.forEach(({ phase }) => phases.add(phase)),
    }),
  ]);
  await expectRight(hub, one);
  await expectRight(hub, other);
  expect(hub.server.asked.map(({ path }) => path).sort()).toEqual(
    hub.listed
      .filter(({ bytes }) => bytes > 0)
      .map(({ path }) => path)
      .sort(),
  );
  expect(phases).toContain('elsewhere');
});

test('progress counts decoded bytes against the listing, and ends at the whole', async () => {
  const hub = await setUp();
  hub.server.fault = () => ({ kind: 'gzip' });
  const seen: DownloadProgress[] = [];
  await run(hub, new ModelStore(new MemoryDepot()), { onProgress: (progress) => seen.push(progress) });
  const all = hub.listed.reduce((sum, { bytes }) => sum + bytes, 0);
  expect(new Set(seen.map(({ totalBytes }) => totalBytes))).toEqual(new Set([all]));
  const received = seen.map(({ receivedBytes }) => receivedBytes);
  expect(received).toEqual([...received].sort((a, b) => a - b));
  expect(received.at(-1)).toBe(all);
});

test('a stored file that was damaged since is found by a check, and fetched anew', async () => {
  const hub = await setUp();
  const system = new FakeOpfs();
  const store = new ModelStore(await OpfsDepot.open(system.root), PIECE);
  await run(hub, store);
  const lm = hub.listed.find(({ path }) => path === LM)!;
  expect(await store.check(lm, undefined)).toBe(true);
  for (const [name, file] of system.files) if (name === lm.digest.replace(':', '-')) file.data[9]! ^= 1;
  expect(await store.check(lm, undefined)).toBe(false);
  await expectRight(hub, await run(hub, store));
});

/** What may happen in one visit to the page. */
const faultArbitrary: fc.Arbitrary<Fault | null> = fc.oneof(
  { weight: 3, arbitrary: fc.constant(null) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('drop' as const), afterBytes: fc.nat(60 * KB) }) },
  fc.record({ kind: fc.constant('stall' as const), afterBytes: fc.nat(30 * KB) }),
  fc.record({ kind: fc.constant('status' as const), status: fc.constantFrom(404, 408, 416, 429, 500, 503) }),
  fc.constant({ kind: 'ignore-range' as const }),
  fc.record({
    kind: fc.constant('wrong-range' as const),
    shift: fc.integer({ min: -3000, max: 3000 }),
    honest: fc.boolean(),
  }),
  fc.record({ kind: fc.constant('short' as const), bytes: fc.nat(60 * KB) }),
  fc.record({ kind: fc.constant('long' as const), bytes: fc.integer({ min: 1, max: 5000 }) }),
  fc.record({ kind: fc.constant('alter' as const), at: fc.nat() }),
  fc.constant({ kind: 'gzip' as const }),
  fc.constant({ kind: 'page' as const }),
);
const visitArbitrary = fc.record({
  faults: fc.array(faultArbitrary, { maxLength: 8 }),
  /** Give up after so many requests. */
  stopAfter: fc.option(fc.integer({ min: 1, max: 6 }), { nil: undefined }),
  /** The tab dies at the end; of what was not flushed so much survives. */
  crash: fc.option(fc.double({ min: 0, max: 1, noNaN: true }), { nil: undefined }),
  quota: fc.option(fc.nat(140 * KB), { nil: undefined }),
});

test('whatever happens: no wrong file is ever taken for right, no finished one fetched twice, and it ends well', async () => {
  const small = {
    'a.json': noise(700, 1),
    'onnx/b.onnx': noise(50 * KB + 1, 2),
    'onnx/c.onnx': noise(70 * KB, 3),
    'onnx/copy.onnx': noise(50 * KB + 1, 2),
  };
  await fc.assert(
    fc.asyncProperty(fc.array(visitArbitrary, { minLength: 1, maxLength: 4 }), async (visits) => {
      const hub = await startHub(small);
      const system = new FakeOpfs();
      const open = async () => new ModelStore(await OpfsDepot.open(system.root), 3 * KB);
      const finished = async (store: ModelStore) => {
        const whole: string[] = [];
        for (const file of hub.listed) {
          const blob = await store.blob(file);
          if (!blob) continue;
          expect(
            Buffer.compare(Buffer.from(await blob.arrayBuffer()), Buffer.from(small[file.path as keyof typeof small])),
          ).toBe(0);
          whole.push(file.path);
        }
        return whole;
      };
      try {
        for (const { faults, stopAfter, crash, quota } of visits) {
          const store = await open();
          const before = await finished(store);
          system.quota = quota === undefined ? Infinity : system.usedBytes + quota;
          const stop = new AbortController();
          const first = hub.server.asked.length;
          hub.server.fault = () => {
            const index = hub.server.asked.length - first - 1;
            if (index + 1 === stopAfter) stop.abort();
            return faults[index] ?? null;
          };
          await run(hub, store, { signal: stop.signal, idleMs: 40 }).then(
            (result) => expectRight(hub, result, small),
            (error: unknown) => {
              expect(error).toMatchObject({ name: 'ModelError' });
            },
          );
          await finished(store);
          expect(hub.server.asked.slice(first).filter(({ path }) => before.includes(path))).toEqual([]);
          if (crash !== undefined) system.crash(crash);
        }
        system.quota = Infinity;
        hub.server.fault = () => null;
        const store = await open();
        await expectRight(hub, await run(hub, store), small);
        expect(await finished(store)).toHaveLength(hub.listed.length);
      } finally {
        await hub.server.stop();
      }
    }),
    // A disk that is full from the start: what is stored is found all the same.
    {
      numRuns: 30,
      examples: [[[0, undefined].map((quota) => ({ faults: [], stopAfter: undefined, crash: undefined, quota }))]],
    },
  );
});
