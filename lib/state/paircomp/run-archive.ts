import { PairCompError } from '@/lib/domain';
import type { JudgeId } from '@/lib/judge';
import type { Judged, Run, RunStore } from '@/lib/paircomp';

/** The browser has no room for more. */
export class StorageFullError extends Error {
  override readonly name = 'StorageFullError';
}

/** A run that is to be changed was removed. */
export class RunGoneError extends PairCompError {
  constructor(readonly id: string) {
    super('This run was removed, so nothing more of it is kept; start a new run.');
  }
}

/** How much is kept of a run. */
export interface Holdings {
  readonly draws: number;
  readonly scores: number;
}

/**
 * Keeps runs over reloads and crashes. Nothing is kept without its run: what changes a run, or adds to it, throws RunGoneError where it was
 * removed.
 */
export interface RunArchive extends RunStore {
  /** False when what is put here is gone with the page. */
  readonly lasting: boolean;
  runs(): Promise<readonly Run[]>;
  run(id: string): Promise<Run | undefined>;
  addRun(run: Run): Promise<void>;
  putRun(run: Run): Promise<void>;
  /** Puts scores in the place of all that the judge gave before. */
  replaceScores(run: string, judge: JudgeId, scores: readonly Judged[]): Promise<void>;
  holdings(run: string): Promise<Holdings>;
  /** Removes a run with its draws and scores. */
  remove(run: string): Promise<void>;
  /** Removes draws and scores of runs that are not there. */
  removeOrphans(): Promise<void>;
}
