import type { Pair } from './pair';

/** The number of most likely tokens reported at each step. */
export const TOP_COUNT = 8;

/** What one side did at one step, of the distribution it was sampled from. */
export interface SideStep {
  readonly token: number;
  /** What the sampler would have taken; differs from `token` only where the token was forced. */
  readonly choice: number;
  /** Gap between the best and the second-best noisy logit (nats): how near the choice was to another; Infinity where none was left. */
  readonly margin: number;
  readonly probability: number;
  /** 1 for the most likely token. */
  readonly rank: number;
  readonly entropyBits: number;
  /** The TOP_COUNT most likely tokens, most likely first. */
  readonly topTokens: Int32Array;
  readonly topProbabilities: Float32Array;
  /** Guidance-free, along this side's history; NaN when the draw ran without cross lanes. */
  readonly promptDivergenceBits: number;
  /** Guidance-free, signed; NaN when the draw ran without cross lanes. */
  readonly crossScoreBits: number;
}

export interface StepEvent {
  readonly step: number;
  readonly sides: Pair<SideStep>;
  /** Jensen-Shannon divergence of the two sampled-from distributions, each with its own history. */
  readonly divergenceBits: number;
}
