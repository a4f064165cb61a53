import { roundedCrossScores, type Trace } from '@/lib/comparison';
import type { Coupling, Pair } from '@/lib/domain';
import { crossScoreMagnitudes } from './cross-score';
import { selfTest, type SelfTest } from './self-test';
import { differingSteps, firstSplit } from './token-diff';

/** The deciding cells are the fewest that hold this share of |cross score|. */
export const DECIDING_SHARE = 0.8;
/** So many deciding cells are named one by one. */
export const NAMED_CELLS = 3;
/** Below this sum of both sides' |cross score|, bits, the prompts hardly disagree about either picture. */
const LEAST_TOTAL_BITS = 1;
/** From this share of differing cells on, the pictures differ everywhere. */
const EVERYWHERE = 0.9;

/** What is judged: a comparison, or the frame on screen. */
export interface Findable {
  readonly prompts: Pair<string>;
  readonly settings: { readonly coupling: Coupling; readonly greedy: boolean };
  readonly tokens: Pair<Int32Array>;
  readonly trace: Pick<Trace, 'crossScoreBits'>;
}

/** The fewest cells that hold DECIDING_SHARE of the sum of both sides' |cross score|. */
export interface Deciding {
  /** The heaviest first; among equals the earlier one. */
  readonly steps: readonly number[];
  /** What they hold of the sum, 0 to 1. */
  readonly share: number;
  /** The sum, bits. */
  readonly totalBits: number;
}

/**
 * What a comparison shows, from the numbers alone:
 * - `identical`: the prompts are the same, letter by letter
 * - `equal`: the prompts differ and no token does
 * - `unweighed`: tokens differ, and cross scores are not known
 * - `chance`: tokens differ, drawn from noise of their own, so that chance has its part
 * - `slight`: tokens differ, and the prompts hardly disagree about them
 * - `decided`: up to NAMED_CELLS cells, their tokens different, hold most of |cross score|
 * - `everywhere`: nearly every token differs
 * - `spread`: some cells hold most of |cross score|
 */
export type FindingKind =
  'identical' | 'equal' | 'unweighed' | 'chance' | 'slight' | 'decided' | 'everywhere' | 'spread';

export interface Finding {
  readonly kind: FindingKind;
  /** Steps that it covers. */
  readonly steps: number;
  readonly different: number;
  readonly firstSplit: number | null;
  /** Null where cross scores are not known or all 0. */
  readonly deciding: Deciding | null;
  /** What identical prompts show; null for a real pair. */
  readonly selfTest: SelfTest | null;
}

/**
 * The deciding cells of the first `steps` cells. They follow from the scores as a link carries them, so an author and a reader of the
 * link are told the same. Null if every score is 0 or one is not known.
 */
export const decidingCells = (scores: Pair<ArrayLike<number>> | undefined, steps: number): Deciding | null => {
  if (scores === undefined) return null;
  const drawn = { a: Array.from(scores.a).slice(0, steps), b: Array.from(scores.b).slice(0, steps) };
  if (![...drawn.a, ...drawn.b].every(Number.isFinite)) return null;
  const weights = crossScoreMagnitudes({ a: roundedCrossScores(drawn.a), b: roundedCrossScores(drawn.b) }, steps);
  const totalBits = weights.reduce((sum, value) => sum + value, 0);
  if (totalBits === 0) return null;
  const order = [...weights.keys()].sort((x, y) => (weights[y] ?? 0) - (weights[x] ?? 0) || x - y);
  let held = 0;
  const count = order.findIndex((step) => (held += weights[step] ?? 0) >= DECIDING_SHARE * totalBits) + 1;
  return { steps: order.slice(0, count), share: held / totalBits, totalBits };
};

/** From so many differing cells on, the pictures differ everywhere, and saying where says nothing. */
export const isEverywhere = (different: number, steps: number): boolean => different >= EVERYWHERE * steps;

/** What the first `steps` steps show. */
export const findingOf = (comparison: Findable, steps: number): Finding => {
  const { prompts, settings, tokens, trace } = comparison;
  const different = differingSteps(tokens, steps).length;
  const deciding = decidingCells(trace.crossScoreBits, steps);
  const kind = (): FindingKind => {
    if (prompts.a === prompts.b) return 'identical';
    if (different === 0) return 'equal';
    if (settings.coupling === 'independent' && !settings.greedy) return 'chance';
    if (isEverywhere(different, steps)) return 'everywhere';
    if (trace.crossScoreBits === undefined) return 'unweighed';
    if (deciding === null || deciding.totalBits < LEAST_TOTAL_BITS) return 'slight';
    const isNamed = deciding.steps.length <= NAMED_CELLS;
    return isNamed && deciding.steps.every((step) => tokens.a[step] !== tokens.b[step]) ? 'decided' : 'spread';
  };
  return {
    kind: kind(),
    steps,
    different,
    firstSplit: firstSplit(tokens, steps),
    deciding,
    selfTest: selfTest(comparison, steps),
  };
};
