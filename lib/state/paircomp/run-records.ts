import { EngineError } from '@/lib/domain';
import { addDraw, addJudged, emptyResults, type Results, type Run, type RunJudge, judgeKey } from '@/lib/paircomp';
import type { PairsAtHand } from './pair-sources';
import type { PaircompStore } from './paircomp-state';
import type { PaircompPorts } from './run-ports';
import type { RunArchive } from './run-store';

/** Runs on screen and where they are kept, changed together. */
export interface RunRecords {
  readonly archive: () => Promise<RunArchive>;
  /** A run of these pairs that nothing is known of yet. */
  readonly create: (
    pairs: PairsAtHand,
    from: Pick<Run, 'chosen' | 'images' | 'settings' | 'folder' | 'model'>,
  ) => Promise<Run>;
  /** Changes the run that is on screen. @throws EngineError `aborted`, where another is on screen by now */
  readonly change: (id: string, change: (run: Run) => Run) => Promise<Run>;
  /** Puts a run that is kept on screen. */
  readonly show: (run: Run) => Promise<void>;
  readonly showNone: () => void;
  /** Tells the screen that the results, which are filled in place, have changed. */
  readonly bump: () => void;
}

/** The judge in front of the others, unless the run has it. */
export const withJudge = (run: Run, judge: RunJudge): Run =>
  run.judges.some((each) => judgeKey(each) === judgeKey(judge)) ? run : { ...run, judges: [judge, ...run.judges] };

export const createRunRecords = (
  store: PaircompStore,
  { openStore, newId }: Pick<PaircompPorts, 'openStore' | 'newId'>,
): RunRecords => {
  let opened: Promise<RunArchive> | null = null;
  const archive = (): Promise<RunArchive> => (opened ??= openStore());

  const put = (run: Run, results: Results): void =>
    store.setState(({ runs, version }) => ({
      run,
      runs: runs.some(({ id }) => id === run.id)
        ? runs.map((each) => (each.id === run.id ? run : each))
        : [run, ...runs],
      results,
      version: version + 1,
      progress: { drawn: results.draws.size, total: run.chosen.length * run.images, drawMs: null },
    }));

  return {
    archive,

    async create(pairs, from) {
      const run: Run = {
        id: newId(),
        createdMs: Date.now(),
        pairsTitle: pairs.title,
        pairs: pairs.pairs,
        judges: [],
        skipped: [],
        ...from,
      };
      await (await archive()).putRun(run);
      put(run, emptyResults());
      return run;
    },

    async change(id, change) {
      const { run } = store.getState();
      if (run?.id !== id) throw new EngineError('aborted');
      const next = change(run);
      await (await archive()).putRun(next);
      store.setState(({ runs }) => ({ run: next, runs: runs.map((each) => (each.id === id ? next : each)) }));
      return next;
    },

    async show(run) {
      const records = await archive();
      const results = emptyResults();
      for (const draw of await records.draws(run.id)) addDraw(results, draw);
      for (const judged of await records.scores(run.id)) addJudged(results, judged);
      put(run, results);
    },

    showNone: () =>
      store.setState(({ version }) => ({
        run: null,
        results: emptyResults(),
        version: version + 1,
        progress: { drawn: 0, total: 0, drawMs: null },
      })),

    bump: () => store.setState(({ version }) => ({ version: version + 1 })),
  };
};
