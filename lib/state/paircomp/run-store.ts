import type { JudgeId } from '@/lib/judge';
import { type Draw, type Judged, judgeKey, type Run, type RunStore } from '@/lib/paircomp';

/** The browser has no room for more. */
export class StorageFullError extends Error {
  override readonly name = 'StorageFullError';
}

/** Keeps runs over reloads and crashes. */
export interface RunArchive extends RunStore {
  /** False when what is put here is gone with the page. */
  readonly lasting: boolean;
  runs(): Promise<readonly Run[]>;
  putRun(run: Run): Promise<void>;
  removeScores(run: string, judge: JudgeId): Promise<void>;
  remove(run: string): Promise<void>;
}

/** Never change: runs stored in it would be orphaned. */
const DATABASE = 'pairscope-paircomp';

const done = <T>(request: IDBRequest<T>): Promise<T> =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new Error('The database failed.'));
  });

const committed = (transaction: IDBTransaction): Promise<void> =>
  new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve();
    transaction.onabort = () => {
      const { error } = transaction;
      reject(
        error?.name === 'QuotaExceededError'
          ? new StorageFullError('', { cause: error })
          : (error ?? new Error('The database gave a change up.')),
      );
    };
  });

/** All keys that begin so: arrays sort after everything else. */
const within = (...start: readonly string[]): IDBKeyRange => IDBKeyRange.bound([...start], [...start, []]);

const STORES = ['runs', 'draws', 'scores'] as const;

/** Throws where the browser has no database or forbids it. */
export const openRunDatabase = async (factory: IDBFactory = indexedDB): Promise<RunArchive> => {
  const request = factory.open(DATABASE, 1);
  request.onupgradeneeded = () => {
    for (const name of STORES) request.result.createObjectStore(name);
  };
  const database = await done(request);
  // Another tab may hold a newer version of this page.
  database.onversionchange = () => database.close();

  const change = async (work: (stores: Record<(typeof STORES)[number], IDBObjectStore>) => void): Promise<void> => {
    const transaction = database.transaction(STORES, 'readwrite');
    const end = committed(transaction);
    work({
      runs: transaction.objectStore('runs'),
      draws: transaction.objectStore('draws'),
      scores: transaction.objectStore('scores'),
    });
    await end;
  };
  const all = async <T>(name: (typeof STORES)[number], range?: IDBKeyRange): Promise<readonly T[]> =>
    (await done(database.transaction(name).objectStore(name).getAll(range))) as T[];

  return {
    lasting: true,
    runs: () => all<Run>('runs'),
    draws: (run) => all<Draw>('draws', within(run)),
    scores: (run) => all<Judged>('scores', within(run)),
    putRun: (run) => change(({ runs }) => void runs.put(run, run.id)),
    putDraw: (run, draw) => change(({ draws }) => void draws.put(draw, [run, draw.pair, draw.image])),
    putScores: (run, judged) =>
      change(({ scores }) => {
        for (const each of judged) scores.put(each, [run, judgeKey(each.judge), each.pair, each.prompt, each.image]);
      }),
    removeScores: (run, judge) => change(({ scores }) => void scores.delete(within(run, judgeKey(judge)))),
    remove: (run) =>
      change(({ runs, draws, scores }) => {
        runs.delete(run);
        draws.delete(within(run));
        scores.delete(within(run));
      }),
  };
};

/** For browsers and windows that keep nothing. */
export const memoryRunStore = (): RunArchive => {
  const runs = new Map<string, Run>();
  const draws = new Map<string, Draw[]>();
  const scores = new Map<string, Judged[]>();
  const add = <T>(map: Map<string, T[]>, run: string, values: readonly T[]): void =>
    void map.set(run, [...(map.get(run) ?? []), ...values]);
  return {
    lasting: false,
    runs: () => Promise.resolve([...runs.values()]),
    draws: (run) => Promise.resolve(draws.get(run) ?? []),
    scores: (run) => Promise.resolve(scores.get(run) ?? []),
    putRun: (run) => Promise.resolve(void runs.set(run.id, run)),
    putDraw: (run, draw) => Promise.resolve(add(draws, run, [draw])),
    putScores: (run, judged) => Promise.resolve(add(scores, run, judged)),
    removeScores: (run, judge) =>
      Promise.resolve(
        void scores.set(
          run,
          (scores.get(run) ?? []).filter((each) => judgeKey(each.judge) !== judgeKey(judge)),
        ),
      ),
    remove: (run) => {
      for (const map of [runs, draws, scores]) map.delete(run);
      return Promise.resolve();
    },
  };
};

export const openRunStore = (): Promise<RunArchive> => openRunDatabase().catch(memoryRunStore);
