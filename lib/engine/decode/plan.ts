import type { Pair, SamplingSettings } from '@/lib/domain';
import type { LanePlan } from './lanes';

/** What the sampler needs to know of a drawing. */
export interface SamplingPlan {
  readonly lanes: LanePlan;
  readonly settings: SamplingSettings;
  /** Tokens to take instead of sampling, by step; -1, or a step past the end, samples. */
  readonly forced: Pair<Int32Array> | undefined;
}

/** One drawing from an empty cache, in token ids, lanes and settings alone: what computes it makes its own inputs of them. */
export interface DecodePlan extends SamplingPlan {
  /** Token ids before the image, for every lane in order; they may differ in length. */
  readonly prefixes: readonly (readonly number[])[];
  /** The first step to report. Every earlier one is forced on both sides. */
  readonly firstStep: number;
}

/** Forced tokens of a drawing that begins from given ones: those come first, whatever else was asked for there. */
export function forcedAfter(given: Pair<Int32Array>, forced: Pair<Int32Array> | undefined): Pair<Int32Array> {
  const merged = (side: 'a' | 'b') => {
    const asked = forced?.[side] ?? new Int32Array(0);
    const tokens = new Int32Array(Math.max(given[side].length, asked.length));
    tokens.set(asked);
    tokens.set(given[side]);
    return tokens;
  };
  return { a: merged('a'), b: merged('b') };
}
