import type { Trace } from '@/lib/comparison';
import type { Coupling, Pair } from '@/lib/domain';
import { crossScoreTotals } from './cross-score';
import { type Deciding, decidingCells } from './finding';
import { selfTest, type SelfTest } from './self-test';
import { type CodebookVectors, diffTokens } from './token-diff';

/** What is summarised: a comparison, or the frame on screen. */
export interface Summarisable {
  readonly prompts: Pair<string>;
  readonly settings: { readonly coupling: Coupling; readonly greedy: boolean };
  readonly tokens: Pair<Int32Array>;
  readonly trace: Trace;
}

export interface Summary {
  /** Steps that the numbers cover. */
  readonly steps: number;
  /** Different tokens, near ones included. */
  readonly different: number;
  /** Of these, with nearly the same codebook vector; 0 without a codebook. */
  readonly near: number;
  /** The same token from another distribution; null where side divergence is not known. */
  readonly distribution: number | null;
  readonly firstSplit: number | null;
  /** The cells that carry most of |cross score|; null where cross scores are not known or all 0. */
  readonly deciding: Deciding | null;
  /** Sum of each side's cross scores, bits. */
  readonly crossScoreBits: Pair<number> | null;
  /** Sum of the prompt divergence along each side's history, bits. */
  readonly promptDivergenceBits: Pair<number> | null;
  /** Mean entropy of the distributions sampled from, bits. */
  readonly meanEntropyBits: Pair<number> | null;
  /** Probability of A's tokens and of B's, as log2 of the product: bits, at most 0. */
  readonly logProbabilityBits: Pair<number> | null;
  /** What identical prompts show; null for a real pair. */
  readonly selfTest: SelfTest | null;
}

const sum = (values: Float32Array, steps: number, of: (value: number) => number = (value) => value): number => {
  let total = 0;
  for (let step = 0; step < steps; step++) total += of(values[step] ?? NaN);
  return total;
};

const sums = (
  pair: Pair<Float32Array> | undefined,
  steps: number,
  of?: (value: number) => number,
): Pair<number> | null => {
  if (pair === undefined) return null;
  const totals = { a: sum(pair.a, steps, of), b: sum(pair.b, steps, of) };
  return Number.isNaN(totals.a) || Number.isNaN(totals.b) ? null : totals;
};

/** The numbers of the first `steps` steps. */
export const summarise = (
  comparison: Summarisable,
  steps: number,
  options: { readonly codebook?: CodebookVectors | null } = {},
): Summary => {
  const { tokens, trace } = comparison;
  const difference = diffTokens(tokens, {
    steps,
    divergenceBits: trace.divergenceBits,
    codebook: options.codebook ?? null,
  });
  const scores = sums(trace.crossScoreBits, steps) === null ? undefined : trace.crossScoreBits;
  const entropy = steps > 0 ? sums(trace.entropyBits, steps) : null;
  return {
    steps,
    different: difference.different,
    near: difference.near,
    distribution: trace.divergenceBits ? difference.distribution : null,
    firstSplit: difference.firstSplit,
    deciding: decidingCells(scores, steps),
    crossScoreBits: scores ? crossScoreTotals(scores, steps) : null,
    promptDivergenceBits: sums(trace.promptDivergenceBits, steps),
    meanEntropyBits: entropy && { a: entropy.a / steps, b: entropy.b / steps },
    logProbabilityBits: sums(trace.probability, steps, Math.log2),
    selfTest: selfTest(comparison, steps),
  };
};
