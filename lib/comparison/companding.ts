/**
 * Few bits for numbers that are nearly all tiny and now and then large: levels grow with the square of
 * their index, up to a scale that is stored once for each series, so that zero and the largest value are
 * kept best. Built from exactly rounded operations only, so every engine writes the same codes, and coding
 * decoded values again gives the same codes.
 *
 * Links depend on everything here: never change it.
 */

/** 2^(i/16) as literals, because Math.pow differs between engines in the last bit. */
const SIXTEENTH_ROOTS = [
  1, 1.0442737824274138, 1.0905077326652577, 1.1387886347566916, 1.189207115002721, 1.241857812073484,
  1.2968395546510096, 1.3542555469368927, 1.4142135623730951, 1.4768261459394993, 1.5422108254079407,
  1.6104903319492543, 1.681792830507429, 1.7562521603732995, 1.8340080864093424, 1.915206561397147,
] as const;

const LAST_SCALE = 255;

/** 2^(topExponent - (255 - code) / 16), rounded to float32; 0 for code 0. */
export const scaleOf = (code: number, topExponent: number): number => {
  if (code === 0) return 0;
  const sixteenths = code + 1;
  let octave = Math.floor(sixteenths / 16) - 16 + topExponent;
  let scale: number = SIXTEENTH_ROOTS[sixteenths % 16] ?? 1;
  for (; octave < 0; octave++) scale /= 2;
  for (; octave > 0; octave--) scale *= 2;
  return Math.fround(scale);
};

/** The levels 0 ... count: scale * (i / count)^2. */
export const levelsOf = (scale: number, count: number): Float32Array =>
  Float32Array.from({ length: count + 1 }, (_, i) => (scale * (i * i)) / (count * count));

const nearest = (levels: Float32Array, magnitude: number): number => {
  let best = 0;
  for (let i = 1; i < levels.length; i++) {
    if (Math.abs(magnitude - (levels[i] ?? 0)) < Math.abs(magnitude - (levels[best] ?? 0))) best = i;
  }
  return best;
};

export interface Companded {
  /** 0 when every code is 0. */
  readonly scale: number;
  /** -levelCount ... levelCount, one for each value. */
  readonly codes: Int8Array;
}

/**
 * The smallest scale that reaches the largest magnitude, and the nearest level of each value. Values past
 * 2^topExponent become 2^topExponent.
 */
export const compand = (values: ArrayLike<number>, levelCount: number, topExponent: number): Companded => {
  const codes = new Int8Array(values.length);
  // Levels are float32 numbers, so a decimal form of one must become that level again.
  const singles = Float32Array.from(values);
  const largest = singles.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  let scale = 1;
  while (scale < LAST_SCALE && scaleOf(scale, topExponent) < largest) scale++;
  const levels = levelsOf(scaleOf(scale, topExponent), levelCount);
  let used = false;
  for (const [i, value] of singles.entries()) {
    const level = nearest(levels, Math.abs(value));
    codes[i] = value < 0 ? -level : level;
    used ||= level > 0;
  }
  return { scale: used ? scale : 0, codes };
};
