/** Prefixes are filled up on the left to a multiple of this, so that editing one prompt seldom changes the shapes that the other side is computed with. */
const PREFIX_MULTIPLE = 32;

/** Positions that the prefixes take, filled up to one length. */
export const paddedLength = (longestPrefix: number): number =>
  Math.ceil(longestPrefix / PREFIX_MULTIPLE) * PREFIX_MULTIPLE;
