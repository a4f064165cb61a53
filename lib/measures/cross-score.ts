import type { Pair } from '@/lib/domain';

/** |A's cross score| + |B's cross score| of each of the first `steps` cells, bits; unknown values count 0. */
export const crossScoreMagnitudes = (scores: Pair<ArrayLike<number>>, steps: number): Float64Array =>
  Float64Array.from({ length: steps }, (_, step) => {
    const magnitude = Math.abs(scores.a[step] ?? 0) + Math.abs(scores.b[step] ?? 0);
    return Number.isFinite(magnitude) ? magnitude : 0;
  });

/** Signed sum of each side's cross scores over the first `steps` cells, bits. */
export const crossScoreTotals = (scores: Pair<ArrayLike<number>>, steps: number): Pair<number> => {
  const total = (values: ArrayLike<number>): number => {
    let sum = 0;
    for (let step = 0; step < steps; step++) sum += values[step] ?? 0;
    return sum;
  };
  return { a: total(scores.a), b: total(scores.b) };
};
