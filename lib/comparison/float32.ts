/**
 * The shortest decimal that rounds to the same float32. The engine computes in float32, so this loses
 * nothing, and 0.05 stays 0.05 through four bytes. NaN and infinities pass through.
 */
export const shortestFloat32 = (value: number): number => {
  const single = Math.fround(value);
  if (!Number.isFinite(single)) return single;
  for (let digits = 1; digits < 9; digits++) {
    const decimal = Number(single.toPrecision(digits));
    if (Math.fround(decimal) === single) return decimal + 0;
  }
  return Number(single.toPrecision(9));
};
