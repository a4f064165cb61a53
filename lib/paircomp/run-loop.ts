import { PairCompError, type SamplingSettings, toEngineError } from '@/lib/domain';
import { type DrawJob, type JobPorts, runJobs } from '@/lib/jobs';
import type { JudgedPicture, JudgeId, PairCompJudge } from '@/lib/judge';
import { drawKey, drawRequest } from './draws';
import type { PictureId } from './names';
import type { PromptPair } from './pairs';
import { addDraw, addJudged, type Results, scoreIn } from './results';
import type { RunStore } from './run-store';
import { type Draw, type Judged, judgeKey } from './run-types';

export interface LoopRun {
  readonly id: string;
  readonly pairs: readonly PromptPair[];
  readonly images: number;
  readonly settings: SamplingSettings;
  readonly judge: { readonly by: PairCompJudge; readonly id: JudgeId } | null;
  /** What the store has of the run; filled as the store is. */
  readonly results: Results;
}

/** What a run needs from around it. */
export interface LoopPorts extends Pick<JobPorts<DrawJob>, 'withEngine' | 'isPausing'> {
  readonly store: RunStore;
  readonly isSkipped: (pair: number) => boolean;
  readonly skip: (pair: number, reason: string) => Promise<void>;
  readonly pixels: (tokens: Int32Array) => ReturnType<JudgedPicture['pixels']>;
  /** Sees each picture before it is judged, those of earlier draws too. */
  readonly onPicture?: (picture: PictureId, pixels: JudgedPicture['pixels']) => Promise<void>;
  /** Something was drawn or judged. */
  readonly onProgress?: () => void;
  /** So many pairs are done, skipped ones included. */
  readonly onPairs?: (done: number) => void;
}

interface PairJob extends DrawJob {
  readonly pair: PromptPair;
  readonly image: number;
}

/** A pair that is skipped while it is drawn has no further jobs. */
function* jobsOf({ pairs, images, settings }: LoopRun, { isSkipped, onPairs }: LoopPorts): Generator<PairJob> {
  for (const [place, pair] of pairs.entries()) {
    for (let image = 0; image < images && !isSkipped(pair.index); image++) {
      const key = drawKey({ pair: pair.index, image });
      yield { key, request: drawRequest(pair, image, settings), pair, image };
    }
    onPairs?.(place + 1);
  }
}

/** Shows and judges the two pictures of a draw; true where a judge was asked. */
const look = async (
  { pair, image }: PairJob,
  tokens: readonly [Int32Array, Int32Array],
  { id: run, judge, results }: LoopRun,
  { store, pixels, onPicture }: LoopPorts,
  signal: AbortSignal,
): Promise<boolean> => {
  let asked = false;
  for (const prompt of [0, 1] as const) {
    const picture = { pair: pair.index, prompt, image };
    const shown = { tokens: tokens[prompt], pixels: () => pixels(tokens[prompt]) };
    await onPicture?.(picture, shown.pixels);
    if (judge === null || scoreIn(results, judgeKey(judge.id), picture) !== undefined) continue;
    const score = await judge.by.score(shown, pair.captions[prompt], signal);
    const judged: Judged = { judge: judge.id, ...picture, score };
    await store.putScores(run, [judged]);
    addJudged(results, judged);
    asked = true;
  }
  return asked;
};

/** Draws and judges what is missing of a run, in its order; true when nothing is missing any more. */
export const runLoop = (run: LoopRun, ports: LoopPorts, signal: AbortSignal): Promise<boolean> =>
  runJobs(
    jobsOf(run, ports),
    {
      withEngine: ports.withEngine,
      isPausing: ports.isPausing,
      find: (key) => run.results.draws.get(key),
      async put({ pair, image }, { a, b }) {
        const draw: Draw = { pair: pair.index, image, a, b };
        await ports.store.putDraw(run.id, draw);
        addDraw(run.results, draw);
      },
      refuse: ({ pair }, reason) => ports.skip(pair.index, reason),
      async use(job, { a, b }, isNew) {
        const asked = await look(job, [a, b], run, ports, signal);
        if (isNew || asked) ports.onProgress?.();
      },
    },
    signal,
  );

/** A sentence and a way on for what can go wrong with a run. */
export const runProblem = (error: unknown): string => {
  if (error instanceof PairCompError) return error.message;
  const problem = toEngineError(error);
  return `${problem.message} ${problem.hintWhile('running a benchmark')}`;
};
