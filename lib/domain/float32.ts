/** Digits that tell any float32 from its neighbours. */
const MAX_DIGITS = 9;

/**
 * The shortest decimal that rounds to the same float32. The engine computes in float32, so this loses
 * nothing, and 0.05 stays 0.05 through four bytes. NaN and infinities pass through; -0 becomes 0.
 */
export const shortestFloat32 = (value: number): number => {
  const single = Math.fround(value);
  if (!Number.isFinite(single) || Number.isInteger(single)) return single + 0;
  let enough = MAX_DIGITS;
  let least = 1;
  // More digits are never farther off, so the fewest that suffice are found by halving.
  while (least < enough) {
    const digits = (least + enough) >> 1;
    if (Math.fround(Number(single.toPrecision(digits))) === single) enough = digits;
    else least = digits + 1;
  }
  return Number(single.toPrecision(enough));
};
