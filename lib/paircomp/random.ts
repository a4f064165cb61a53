/** A bijection of 32-bit words that spreads every bit over all (xorshift-multiply, as in common integer hashes). Integer arithmetic only: equal everywhere. */
function mix(word: number): number {
  let x = word | 0;
  x = Math.imul(x ^ (x >>> 16), 0x21f0aaad);
  x = Math.imul(x ^ (x >>> 15), 0x735a2d97);
  return (x ^ (x >>> 15)) >>> 0;
}

const GOLDEN = 0x9e3779b9;

/** One 32-bit word from several, each in its place. */
export const hashWords = (...words: readonly number[]): number =>
  words.reduce((state, word) => mix((Math.imul(state, 5) + GOLDEN) ^ mix(word)), 0);

/** Whole numbers 0 <= n < bound, evenly, from a counter: the same for the same seed on every machine. */
export function counterRandom(seed: number): (bound: number) => number {
  let counter = seed | 0;
  return (bound) => {
    counter = (counter + GOLDEN) | 0;
    // The product stays below 2^53, so it is exact.
    return Math.floor((mix(counter) * bound) / 2 ** 32);
  };
}
