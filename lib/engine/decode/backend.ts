import type { ExecutionProvider } from '@/lib/domain';
import type { DecodePlan } from './plan';
import type { Schedule } from './schedule';

/** A chunk of steps that are computed, or are in a queue to be. */
export interface Chunk {
  /** float32 [steps, 2, STATS_PER_SIDE], once all of them are computed. */
  readonly stats: Promise<Float32Array<ArrayBuffer>>;
}

/** A drawing under way, computed as far as the decode loop asks. */
export interface DecodeRun {
  readonly schedule: Schedule;
  /**
   * Computes the next `steps` steps, or hands them to a queue; the prefixes go ahead of step 0. Must not be called again
   * before it has settled. Null where the run was released meanwhile.
   */
  enqueue(firstStep: number, steps: number): Promise<Chunk | null>;
  /** Cuts an `enqueue` under way short, and frees what the run holds once nothing of it is under way. */
  release(): void;
}

/** Computes drawings with one model on one execution provider; one run at a time. */
export interface DecodeBackend {
  readonly executionProvider: ExecutionProvider;
  readonly adapter: string | null;
  start(plan: DecodePlan): DecodeRun;
  release(): Promise<void>;
}
