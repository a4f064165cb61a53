import type { Pair } from '@/lib/domain';

/**
 * The per-step numbers of a comparison, one array element a step. A member is absent when its numbers are
 * not known (a link carries only the cross quantities). `precision` says how the cross quantities were
 * stored.
 */
export interface Trace {
  /** Steps filled so far, from 0. */
  readonly length: number;
  readonly precision: 'exact' | 'rounded';
  readonly probability?: Pair<Float32Array>;
  readonly rank?: Pair<Int32Array>;
  readonly entropyBits?: Pair<Float32Array>;
  readonly margin?: Pair<Float32Array>;
  readonly divergenceBits?: Float32Array;
  readonly promptDivergenceBits?: Pair<Float32Array>;
  readonly crossScoreBits?: Pair<Float32Array>;
  /** TOP_COUNT entries a step, most likely first. */
  readonly topTokens?: Pair<Int32Array>;
  readonly topProbabilities?: Pair<Float32Array>;
}
