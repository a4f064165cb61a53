import type { Coupling, Pair, SamplingSettings } from '@/lib/domain';
import { philox } from './philox';

/** Which noise a side takes: one for both sides, or one of its own. */
export const STREAM = { shared: 0, a: 1, b: 2 } as const;

const LN2_HIGH = 6.9314718036912381649e-1;
const LN2_LOW = 1.90821492927058770002e-10;
const SQRT2 = 1.4142135623730951;

const double = new Float64Array(1);
const halves = new Int32Array(double.buffer);

/** The natural logarithm of a positive normal number by exactly rounded operations alone. */
function exactLog(x: number): number {
  double[0] = x;
  const top = halves[1] as number;
  let e = (top >>> 20) - 1023;
  halves[1] = (top & 0x000fffff) | 0x3ff00000;
  let m = double[0];
  if (m >= SQRT2) {
    m = m * 0.5;
    e = e + 1;
  }
  const s = (m - 1) / (m + 1);
  const z = s * s;
  // Written out: this runs twice for every code of every step.
  let q = (1 / 23) * z + 1 / 21;
  q = q * z + 1 / 19;
  q = q * z + 1 / 17;
  q = q * z + 1 / 15;
  q = q * z + 1 / 13;
  q = q * z + 1 / 11;
  q = q * z + 1 / 9;
  q = q * z + 1 / 7;
  q = q * z + 1 / 5;
  q = q * z + 1 / 3;
  const t = s + s;
  return e * LN2_HIGH + (t + (t * (z * q) + e * LN2_LOW));
}

/** The standard Gumbel sample, as float32, that belongs to a random 32-bit word. */
export function gumbelOfWord(word: number): number {
  const w = 0 - exactLog((word + 0.5) * 2 ** -32);
  return Math.fround(0 - exactLog(w));
}

const words = new Uint32Array(4);

/** Fills `out` with the samples of the codes `firstCode`, `firstCode + 1`, ... at one step. */
export function fillNoise(out: Float32Array, seed: number, stream: number, step: number, firstCode = 0): void {
  let group = -1;
  for (let i = 0; i < out.length; i++) {
    const code = firstCode + i;
    if (code >>> 2 !== group) {
      group = code >>> 2;
      philox(group, step, 0, 0, seed, stream, words);
    }
    out[i] = gumbelOfWord(words[code & 3] as number);
  }
}

/** The streams that the two sides of a draw take. */
export function streamsOf(coupling: Coupling): Pair<number> {
  return coupling === 'coupled' ? { a: STREAM.shared, b: STREAM.shared } : { a: STREAM.a, b: STREAM.b };
}

/**
 * The noise of a run of steps, float32 [steps, 2, codes]: side A, then side B, of each step. All zero for a greedy draw.
 */
export function noiseOfSteps(
  settings: Pick<SamplingSettings, 'seed' | 'coupling' | 'greedy'>,
  firstStep: number,
  steps: number,
  codes: number,
): Float32Array {
  const noise = new Float32Array(steps * 2 * codes);
  if (settings.greedy) return noise;
  const streams = streamsOf(settings.coupling);
  for (let i = 0; i < steps; i++) {
    const a = noise.subarray(2 * i * codes, (2 * i + 1) * codes);
    const b = noise.subarray((2 * i + 1) * codes, (2 * i + 2) * codes);
    fillNoise(a, settings.seed, streams.a, firstStep + i);
    if (streams.a === streams.b) b.set(a);
    else fillNoise(b, settings.seed, streams.b, firstStep + i);
  }
  return noise;
}
