import { type DBSchema, type IDBPObjectStore, openDB, type StoreNames } from 'idb';
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

interface Schema extends DBSchema {
  readonly runs: { readonly key: string; readonly value: Run };
  /** By the run, the pair's index and the image's. */
  readonly draws: { readonly key: [string, number, number]; readonly value: Draw };
  /** By the run, the judge, the pair's index, the prompt and the image. */
  readonly scores: { readonly key: [string, string, number, number, number]; readonly value: Judged };
}

type Name = StoreNames<Schema>;

const STORES: readonly Name[] = ['runs', 'draws', 'scores'];

/** All keys that begin so: arrays sort after everything else. */
const within = (...start: readonly string[]): IDBKeyRange => IDBKeyRange.bound([...start], [...start, []]);

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
  const change = async (
    work: (store: <N extends Name>(name: N) => IDBPObjectStore<Schema, Name[], N, 'readwrite'>) => readonly unknown[],
  ): Promise<void> => {
    const transaction = database.transaction([...STORES], 'readwrite');
    // A request that fails ends the whole transaction, which knows why.
    void Promise.allSettled(work((name) => transaction.objectStore(name)));
    try {
      await transaction.done;
    } catch (error) {
      throw error instanceof DOMException && error.name === 'QuotaExceededError'
        ? new StorageFullError('', { cause: error })
        : error;
    }
  };

  return {
    lasting: true,
    runs: () => database.getAll('runs'),
    draws: (run) => database.getAll('draws', within(run)),
    scores: (run) => database.getAll('scores', within(run)),
    putRun: (run) => change((store) => [store('runs').put(run, run.id)]),
    putDraw: (run, draw) => change((store) => [store('draws').put(draw, [run, draw.pair, draw.image])]),
    putScores: (run, judged) =>
      change((store) =>
        judged.map((each) =>
          store('scores').put(each, [run, judgeKey(each.judge), each.pair, each.prompt, each.image]),
        ),
      ),
    removeScores: (run, judge) => change((store) => [store('scores').delete(within(run, judgeKey(judge)))]),
    remove: (run) =>
      change((store) => [
        store('runs').delete(run),
        store('draws').delete(within(run)),
        store('scores').delete(within(run)),
      ]),
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
