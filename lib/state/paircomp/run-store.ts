import { type DBSchema, type IDBPObjectStore, openDB, type StoreNames } from 'idb';
import { type Draw, type Judged, judgeKey, type Run } from '@/lib/paircomp';
import { type RunArchive, RunGoneError, StorageFullError } from './run-archive';

/** Never change: runs stored in it would be orphaned. */
const DATABASE = 'pairscope-paircomp';

interface Schema extends DBSchema {
  readonly runs: { readonly key: string; readonly value: Run };
  /** By the run, the pair's index and the image's. */
  readonly draws: { readonly key: [string, number, number]; readonly value: Draw };
  /** By the run, the judge, the pair's index, the prompt and the image. */
  readonly scores: { readonly key: [string, string, number, number, number]; readonly value: Judged };
}

type Name = StoreNames<Schema>;
type Stores = { readonly [N in Name]: IDBPObjectStore<Schema, Name[], N, 'readwrite'> };

const STORES: readonly Name[] = ['runs', 'draws', 'scores'];

/** All keys that begin so: arrays sort after everything else. */
const within = (...start: readonly string[]): IDBKeyRange => IDBKeyRange.bound([...start], [...start, []]);

/** The runs that a store's keys begin with. */
const idsIn = async (store: Stores['draws' | 'scores']): Promise<readonly string[]> => {
  const ids: string[] = [];
  const first = (range: IDBKeyRange): Promise<Schema['draws' | 'scores']['key'] | undefined> => store.getKey(range);
  for (let key = await first(IDBKeyRange.lowerBound([])); key; key = await first(IDBKeyRange.lowerBound([key[0], []])))
    ids.push(key[0]);
  return ids;
};

/** Throws where the browser has no database or forbids it. */
export const openRunDatabase = async (): Promise<RunArchive> => {
  const database = await openDB<Schema>(DATABASE, 1, {
    upgrade: (created) => {
      for (const name of STORES) created.createObjectStore(name);
    },
    // Another tab may hold a newer version of this page.
    blocking: (_current, _blocked, event) => (event.target as IDBDatabase).close(),
  });

  /** Makes a change that is whole or does not happen. */
  const change = async (work: (stores: Stores) => Promise<unknown>): Promise<void> => {
    const transaction = database.transaction([...STORES], 'readwrite');
    const stores: Stores = {
      runs: transaction.objectStore('runs'),
      draws: transaction.objectStore('draws'),
      scores: transaction.objectStore('scores'),
    };
    const [worked, ended] = await Promise.allSettled([work(stores), transaction.done]);
    // A request that fails ends the whole transaction, which knows why.
    if (ended.status === 'rejected')
      throw ended.reason instanceof DOMException && ended.reason.name === 'QuotaExceededError'
        ? new StorageFullError('', { cause: ended.reason })
        : ended.reason;
    if (worked.status === 'rejected') throw worked.reason;
  };

  /** The same, for a run that is there. */
  const changeOf = (id: string, work: (stores: Stores) => readonly Promise<unknown>[]): Promise<void> =>
    change(async (stores) => {
      if ((await stores.runs.getKey(id)) === undefined) throw new RunGoneError(id);
      await Promise.all(work(stores));
    });

  const putAll = (scores: Stores['scores'], id: string, judged: readonly Judged[]): Promise<unknown>[] =>
    judged.map((each) => scores.put(each, [id, judgeKey(each.judge), each.pair, each.prompt, each.image]));

  return {
    lasting: true,
    runs: () => database.getAll('runs'),
    run: (id) => database.get('runs', id),
    draws: (id) => database.getAll('draws', within(id)),
    scores: (id) => database.getAll('scores', within(id)),
    async holdings(id) {
      const [draws, scores] = await Promise.all([
        database.count('draws', within(id)),
        database.count('scores', within(id)),
      ]);
      return { draws, scores };
    },
    addRun: (run) => change(({ runs }) => runs.add(run, run.id)),
    putRun: (run) => changeOf(run.id, ({ runs }) => [runs.put(run, run.id)]),
    putDraw: (id, draw) => changeOf(id, ({ draws }) => [draws.put(draw, [id, draw.pair, draw.image])]),
    putScores: (id, judged) => changeOf(id, ({ scores }) => putAll(scores, id, judged)),
    replaceScores: (id, judge, judged) =>
      changeOf(id, ({ scores }) => [scores.delete(within(id, judgeKey(judge))), ...putAll(scores, id, judged)]),
    remove: (id) =>
      change(({ runs, draws, scores }) =>
        Promise.all([runs.delete(id), draws.delete(within(id)), scores.delete(within(id))]),
      ),
    removeOrphans: () =>
      change(async ({ runs, draws, scores }) => {
        const known = new Set(await runs.getAllKeys());
        for (const store of [draws, scores])
          for (const id of await idsIn(store)) if (!known.has(id)) await store.delete(within(id));
      }),
  };
};

interface Held {
  readonly run: Run;
  readonly draws: readonly Draw[];
  readonly scores: readonly Judged[];
}

/** For browsers and windows that keep nothing. */
export const memoryRunStore = (): RunArchive => {
  const all = new Map<string, Held>();
  const changeOf = (id: string, change: (held: Held) => Partial<Held>): Promise<void> => {
    const held = all.get(id);
    if (held === undefined) return Promise.reject(new RunGoneError(id));
    all.set(id, { ...held, ...change(held) });
    return Promise.resolve();
  };
  return {
    lasting: false,
    runs: () => Promise.resolve([...all.values()].map(({ run }) => run)),
    run: (id) => Promise.resolve(all.get(id)?.run),
    draws: (id) => Promise.resolve(all.get(id)?.draws ?? []),
    scores: (id) => Promise.resolve(all.get(id)?.scores ?? []),
    holdings: (id) => {
      const { draws, scores } = all.get(id) ?? { draws: [], scores: [] };
      return Promise.resolve({ draws: draws.length, scores: scores.length });
    },
    addRun: (run) => Promise.resolve(void all.set(run.id, { run, draws: [], scores: [] })),
    putRun: (run) => changeOf(run.id, () => ({ run })),
    putDraw: (id, draw) => changeOf(id, ({ draws }) => ({ draws: [...draws, draw] })),
    putScores: (id, judged) => changeOf(id, ({ scores }) => ({ scores: [...scores, ...judged] })),
    replaceScores: (id, judge, judged) =>
      changeOf(id, ({ scores }) => ({
        scores: [...scores.filter((each) => judgeKey(each.judge) !== judgeKey(judge)), ...judged],
      })),
    remove: (id) => Promise.resolve(void all.delete(id)),
    removeOrphans: () => Promise.resolve(),
  };
};

export const openRunStore = (): Promise<RunArchive> => openRunDatabase().catch(memoryRunStore);
