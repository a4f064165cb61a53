import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fillNoise, gumbelOfWord, noiseOfSteps, STREAM } from './noise';
import { philox } from './philox';

interface Golden {
  philox: { counter: [number, number, number, number]; key: [number, number]; out: number[] }[];
  gumbelOfWord: [number, number][];
  noise: { seed: number; stream: number; step: number; firstCode: number; bits: number[] }[];
}
const golden = JSON.parse(readFileSync(new URL('../testdata/noise-golden.json', import.meta.url), 'utf8')) as Golden;
const bitsOf = (values: Float32Array) => [...new Uint32Array(values.buffer, values.byteOffset, values.length)];

describe('noise', () => {
  test('the generator gives its published answers', () => {
    for (const { counter, key, out } of golden.philox) {
      const words = new Uint32Array(4);
      philox(...counter, ...key, words);
      expect([...words]).toEqual(out);
    }
  });

  test('words become the golden samples, bit for bit', () => {
    for (const [word, bits] of golden.gumbelOfWord) expect(bitsOf(Float32Array.of(gumbelOfWord(word)))).toEqual([bits]);
  });

  test('the golden samples, bit for bit', () => {
    for (const { seed, stream, step, firstCode, bits } of golden.noise) {
      const out = new Float32Array(bits.length);
      fillNoise(out, seed, stream, step, firstCode);
      expect(bitsOf(out)).toEqual(bits);
    }
  });

  test('does not depend on how the steps are grouped', () => {
    fc.assert(
      fc.property(
        fc.nat(0xffffffff),
        fc.constantFrom('coupled' as const, 'independent' as const),
        fc.integer({ min: 1, max: 5 }),
        (seed, coupling, cut) => {
          const settings = { seed, coupling, greedy: false };
          const whole = noiseOfSteps(settings, 0, 6, 11);
          const parts = [...noiseOfSteps(settings, 0, cut, 11), ...noiseOfSteps(settings, cut, 6 - cut, 11)];
          expect([...whole]).toEqual(parts);
        },
      ),
      { numRuns: 50 },
    );
  });

  test('coupled sides take the same noise, independent sides their own', () => {
    const own = (stream: number) => {
      const out = new Float32Array(9);
      fillNoise(out, 7, stream, 3);
      return [...out];
    };
    const rows = (coupling: 'coupled' | 'independent') => {
      const noise = noiseOfSteps({ seed: 7, coupling, greedy: false }, 3, 1, 9);
      return [[...noise.subarray(0, 9)], [...noise.subarray(9)]];
    };
    expect(rows('coupled')).toEqual([own(STREAM.shared), own(STREAM.shared)]);
    expect(rows('independent')).toEqual([own(STREAM.a), own(STREAM.b)]);
  });
});
