import type { Pair } from '@/lib/domain';

export interface CrossScoreConcentration {
  /** At most `count` cells, the largest first; cells that carry nothing are left out. */
  readonly steps: readonly number[];
  /** What they carry of the sum of |cross score| over all cells, 0 to 1. */
  readonly share: number;
}

/** |A's cross score| + |B's cross score| of each of the first `steps` cells, bits; unknown values count 0. */
export const crossScoreMagnitudes = (scores: Pair<ArrayLike<number>>, steps: number): Float64Array =>
  Float64Array.from({ length: steps }, (_, step) => {
    const magnitude = Math.abs(scores.a[step] ?? 0) + Math.abs(scores.b[step] ?? 0);
    return Number.isFinite(magnitude) ? magnitude : 0;
  });

/**
 * The `count` cells with the largest |cross score| of both sides together, and their share of the sum: "5
 * cells carry 74 % of |cross score|". Null if every score is 0 or there are none. Among equals the earlier
 * cell comes first.
 */
export const crossScoreConcentration = (
  scores: Pair<ArrayLike<number>>,
  steps: number,
  count: number,
): CrossScoreConcentration | null => {
  const magnitudes = crossScoreMagnitudes(scores, steps);
  const total = magnitudes.reduce((sum, value) => sum + value, 0);
  if (total === 0) return null;
  const order = Array.from(magnitudes.keys())
    .filter((step) => (magnitudes[step] ?? 0) > 0)
    .sort((x, y) => (magnitudes[y] ?? 0) - (magnitudes[x] ?? 0) || x - y)
    .slice(0, count);
  return { steps: order, share: order.reduce((sum, step) => sum + (magnitudes[step] ?? 0), 0) / total };
};

/** Signed sum of each side's cross scores over the first `steps` cells, bits. */
export const crossScoreTotals = (scores: Pair<ArrayLike<number>>, steps: number): Pair<number> => {
  const total = (values: ArrayLike<number>): number => {
    let sum = 0;
    for (let step = 0; step < steps; step++) sum += values[step] ?? 0;
    return sum;
  };
  return { a: total(scores.a), b: total(scores.b) };
};
