'use client';
import { useDeferredValue, useMemo, useState } from 'react';
import { judgeKey, type Results, type Run, type RunJudge, type Tally } from '@/lib/paircomp';
import { usePaircomp } from '@/lib/state';
import { tallyOf } from '@/lib/state/paircomp';

/** The run on screen as one of its judges sees it. */
export interface JudgedRun {
  readonly run: Run;
  readonly results: Results;
  readonly version: number;
  /** Null while nobody has judged. */
  readonly judge: RunJudge | null;
  readonly tally: Tally;
  readonly choose: (judge: RunJudge) => void;
}

/** Null without a run. Numbers follow a run at the pace at which the page can show them. */
export const useJudgedRun = (): JudgedRun | null => {
  const run = usePaircomp((state) => state.run);
  const results = usePaircomp((state) => state.results);
  const version = useDeferredValue(usePaircomp((state) => state.version));
  const [chosen, choose] = useState<RunJudge | null>(null);
  const judge =
    run === null
      ? null
      : (run.judges.find((each) => chosen !== null && judgeKey(each) === judgeKey(chosen)) ?? run.judges[0] ?? null);
  const tally = useMemo(
    () => (run === null ? null : tallyOf(run, results, judge === null ? '' : judgeKey(judge))),
    // The results are filled in place; the version says when.
    // eslint-disable-next-line react-hooks/exhaustive-deps
    [run, results, judge, version],
  );
  return run === null || tally === null ? null : { run, results, version, judge, tally, choose };
};
