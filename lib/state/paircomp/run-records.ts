import { EngineError } from '@/lib/domain';
import { addDraw, addJudged, emptyResults, type Results, type Run, type RunJudge, judgeKey } from '@/lib/paircomp';
import type { PairsAtHand } from './pair-sources';
import type { PaircompStore } from './paircomp-state';
import type { PaircompPorts } from './run-ports';
import { toldArchive } from './told-archive';
import { type RunArchive, RunGoneError } from './run-archive';

/** Runs on screen and where they are kept, changed together. */
export interface RunRecords {
  readonly archive: () => Promise<RunArchive>;
  /** Begins a run of these pairs that nothing is known of yet, and shows it. */
  readonly create: (
    id: string,
    pairs: PairsAtHand,
    from: Pick<Run, 'chosen' | 'images' | 'settings' | 'folder' | 'model'>,
  ) => Promise<Run>;
  /** Changes the run that is on screen. @throws EngineError `aborted`, where another is on screen by now */
  readonly change: (id: string, change: (run: Run) => Run) => Promise<Run>;
  /** Puts a run on screen, as it is kept. @throws RunGoneError */
  readonly show: (id: string) => Promise<Run>;
  readonly showNone: () => void;
  /** A run is kept, or kept otherwise than was known. */
  readonly know: (run: Run) => void;
  /** A run is not kept any more. */
  readonly forget: (id: string) => void;
  /** Tells the screen that the results, which are filled in place, have changed. */
  readonly bump: () => void;
}

/** The judge in front of the others, unless the run has it. */
export const withJudge = (run: Run, judge: RunJudge): Run =>
  run.judges.some((each) => judgeKey(each) === judgeKey(judge)) ? run : { ...run, judges: [judge, ...run.judges] };

export const createRunRecords = (
  store: PaircompStore,
  { openStore, tabs }: Pick<PaircompPorts, 'openStore' | 'tabs'>,
): RunRecords => {
  let opened: Promise<RunArchive> | null = null;
  const archive = (): Promise<RunArchive> => (opened ??= openStore().then((store) => toldArchive(store, tabs)));

  const know = (run: Run): void =>
    store.setState(({ run: shown, runs }) => ({
      run: shown?.id === run.id ? run : shown,
      runs: runs.some(({ id }) => id === run.id)
        ? runs.map((each) => (each.id === run.id ? run : each))
        : [run, ...runs],
    }));

  const put = (run: Run | null, results: Results): void => {
    if (run !== null) know(run);
    store.setState(({ run: before, elsewhere, version }) => ({
      run,
      results,
      elsewhere: elsewhere && before?.id === run?.id,
      version: version + 1,
      progress: { drawn: results.draws.size, total: run === null ? 0 : run.chosen.length * run.images, drawMs: null },
    }));
  };
  const showNone = (): void => put(null, emptyResults());

  return {
    archive,

    async create(id, pairs, from) {
      const run: Run = {
        id,
        createdMs: Date.now(),
        pairsTitle: pairs.title,
        pairs: pairs.pairs,
        judges: [],
        skipped: [],
        ...from,
      };
      await (await archive()).addRun(run);
      put(run, emptyResults());
      return run;
    },

    async change(id, change) {
      const { run } = store.getState();
      if (run?.id !== id) throw new EngineError('aborted');
      const next = change(run);
      await (await archive()).putRun(next);
      know(next);
      return next;
    },

    async show(id) {
      const records = await archive();
      const run = await records.run(id);
      if (run === undefined) throw new RunGoneError(id);
      const results = emptyResults();
      for (const draw of await records.draws(id)) addDraw(results, draw);
      for (const judged of await records.scores(id)) addJudged(results, judged);
      put(run, results);
      return run;
    },

    showNone,
    know,

    forget(id) {
      store.setState(({ runs }) => ({ runs: runs.filter((each) => each.id !== id) }));
      if (store.getState().run?.id === id) showNone();
    },

    bump: () =>
      store.setState(({ version, progress, results }) => ({
        version: version + 1,
        progress: { ...progress, drawn: results.draws.size },
      })),
  };
};
