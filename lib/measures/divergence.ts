/** Divergences of discrete distributions, in bits. Inputs sum to 1; 0 log 0 is 0. */

const checkSameLength = (p: ArrayLike<number>, q: ArrayLike<number>): void => {
  if (p.length !== q.length) throw new RangeError(`The distributions have ${p.length} and ${q.length} outcomes.`);
};

/** Shannon entropy, bits. */
export const entropyBits = (p: ArrayLike<number>): number => {
  let sum = 0;
  for (let i = 0; i < p.length; i++) {
    const value = p[i] ?? 0;
    if (value > 0) sum -= value * Math.log2(value);
  }
  return sum;
};

/** Kullback-Leibler divergence D(p || q), bits; Infinity where q is 0 and p is not. @throws RangeError */
export const kullbackLeiblerBits = (p: ArrayLike<number>, q: ArrayLike<number>): number => {
  checkSameLength(p, q);
  let sum = 0;
  for (let i = 0; i < p.length; i++) {
    const value = p[i] ?? 0;
    if (value > 0) sum += value * Math.log2(value / (q[i] ?? 0));
  }
  return Math.max(0, sum);
};

/**
 * Jensen-Shannon divergence, bits: the mean of D(p || m) and D(q || m) with m = (p + q) / 2 (Lin 1991).
 * Symmetric, from 0 (equal) to 1 (nothing in common). @throws RangeError
 */
export const jensenShannonBits = (p: ArrayLike<number>, q: ArrayLike<number>): number => {
  checkSameLength(p, q);
  let sum = 0;
  for (let i = 0; i < p.length; i++) {
    const a = p[i] ?? 0;
    const b = q[i] ?? 0;
    const mean = (a + b) / 2;
    if (a > 0) sum += a * Math.log2(a / mean);
    if (b > 0) sum += b * Math.log2(b / mean);
  }
  return Math.min(1, Math.max(0, sum / 2));
};

/** Total variation distance: half the sum of absolute differences, 0 to 1. @throws RangeError */
export const totalVariation = (p: ArrayLike<number>, q: ArrayLike<number>): number => {
  checkSameLength(p, q);
  let sum = 0;
  for (let i = 0; i < p.length; i++) sum += Math.abs((p[i] ?? 0) - (q[i] ?? 0));
  return sum / 2;
};
