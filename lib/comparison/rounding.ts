import { compand, levelsOf, scaleOf } from './companding';

/** A cross score past 2^9 bits is written as 2^9. Links depend on these two: never change them. */
export const CROSS_SCORE_TOP = 9;
/** Levels of a cross score's magnitude beside 0. */
export const CROSS_LEVELS = 7;

/** Cross scores of one side, bits, as a link carries them; rounding them again changes nothing. */
export const roundedCrossScores = (bits: ArrayLike<number>): Float32Array => {
  const { scale, codes } = compand(bits, CROSS_LEVELS, CROSS_SCORE_TOP);
  const levels = levelsOf(scaleOf(scale, CROSS_SCORE_TOP), CROSS_LEVELS);
  return Float32Array.from(codes, (code) => Math.sign(code) * (levels[Math.abs(code)] ?? 0));
};
