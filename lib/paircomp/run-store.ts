import type { Draw, Judged } from './run-types';

/** Where draws and scores of runs are kept. A change is whole, or does not happen; it is kept before its promise settles. */
export interface RunStore {
  draws(run: string): Promise<readonly Draw[]>;
  scores(run: string): Promise<readonly Judged[]>;
  putDraw(run: string, draw: Draw): Promise<void>;
  putScores(run: string, scores: readonly Judged[]): Promise<void>;
}
