import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sampleComparison } from '@/lib/comparison/testing';
import { crossScoreTotals } from './cross-score';
import { entropyBits, jensenShannonBits, kullbackLeiblerBits, totalVariation } from './divergence';
import { diffImages } from './image-diff';
import { selfTest } from './self-test';
import { summarise } from './summary';
import { cellKind, diffTokens, firstSplit } from './token-diff';

const distribution = (length: number): fc.Arbitrary<number[]> =>
  fc.array(fc.integer({ min: 0, max: 1000 }), { minLength: length, maxLength: length }).map((weights) => {
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    return total === 0 ? weights.map(() => 1 / length) : weights.map((weight) => weight / total);
  });

describe('divergences', () => {
  it('gives known values', () => {
    expect(entropyBits([0.25, 0.25, 0.25, 0.25])).toBe(2);
    expect(entropyBits([1, 0])).toBe(0);
    expect(kullbackLeiblerBits([1, 0], [0.5, 0.5])).toBe(1);
    expect(kullbackLeiblerBits([0.5, 0.5], [1, 0])).toBe(Infinity);
    expect(jensenShannonBits([1, 0], [0, 1])).toBe(1);
    expect(jensenShannonBits([0.5, 0.5], [1, 0])).toBeCloseTo(0.311278, 6);
    expect(totalVariation([0.5, 0.5], [1, 0])).toBe(0.5);
    expect(() => jensenShannonBits([1], [0, 1])).toThrow(RangeError);
  });

  it('keeps its laws', () => {
    fc.assert(
      fc.property(distribution(12), distribution(12), (p, q) => {
        const js = jensenShannonBits(p, q);
        expect(js).toBeCloseTo(jensenShannonBits(q, p), 12);
        expect(js).toBeGreaterThanOrEqual(0);
        expect(js).toBeLessThanOrEqual(1);
        expect(jensenShannonBits(p, p)).toBeCloseTo(0, 12);
        const mean = p.map((value, i) => (value + (q[i] ?? 0)) / 2);
        expect(js).toBeCloseTo(entropyBits(mean) - (entropyBits(p) + entropyBits(q)) / 2, 9);
        // Endres and Schindelin 2003; Lin 1991.
        expect(js).toBeLessThanOrEqual(totalVariation(p, q) + 1e-12);
      }),
      { seed: 7 },
    );
  });
});

describe('token differences', () => {
  const codebook = { centroids: Float32Array.of(0, 0, 0, 1, 5, 5), size: 2, nearDistance: 1.5 };

  it('tells four kinds of cells apart', () => {
    expect(cellKind(0, 0, 0.05, codebook)).toBe('same');
    expect(cellKind(0, 0, undefined, codebook)).toBe('same');
    expect(cellKind(0, 0, 0.5, codebook)).toBe('distribution');
    expect(cellKind(0, 1, 0.5, codebook)).toBe('near');
    expect(cellKind(0, 2, 0.5, codebook)).toBe('different');
    expect(cellKind(0, 1, 0.5, null)).toBe('different');
  });

  it('counts them and finds the first split', () => {
    const tokens = { a: Int32Array.of(0, 0, 1, 2), b: Int32Array.of(0, 1, 1, 0) };
    const difference = diffTokens(tokens, { codebook, divergenceBits: [0, 0, 0.3, 1] });
    expect(difference).toEqual({
      kinds: ['same', 'near', 'distribution', 'different'],
      firstSplit: 1,
      different: 2,
      near: 1,
      distribution: 1,
    });
    expect(diffTokens(tokens, { steps: 1 }).firstSplit).toBeNull();
    expect(firstSplit(tokens)).toBe(1);
  });
});

describe('cross scores', () => {
  it('sum up by side', () => {
    const scores = { a: [0, 4, 0, -1], b: [0, 2, -2, 1] };
    expect(crossScoreTotals(scores, 4)).toEqual({ a: 3, b: 1 });
  });
});

describe('image difference', () => {
  const picture = (values: readonly number[]) => ({
    width: 2,
    height: 2,
    data: Uint8ClampedArray.from(values.flatMap((v) => [v, v, v, 255])),
  });

  it('means over pixels and cells', () => {
    const difference = diffImages({ a: picture([0, 0, 0, 100]), b: picture([30, 0, 0, 0]) }, { rows: 2, columns: 1 });
    expect(Array.from(difference.pixels)).toEqual([30, 0, 0, 100]);
    expect(Array.from(difference.cells)).toEqual([15, 50]);
    expect(difference.mean).toBe(32.5);
  });

  it('refuses pictures of different sizes', () => {
    expect(() =>
      diffImages(
        { a: picture([0, 0, 0, 0]), b: { width: 1, height: 1, data: new Uint8ClampedArray(4) } },
        { rows: 1, columns: 1 },
      ),
    ).toThrow(/differ in size/);
  });
});

describe('self-test', () => {
  const identical = (coupling: 'coupled' | 'independent', greedy = false) => ({
    prompts: { a: 'x', b: 'x' },
    settings: { coupling, greedy },
  });

  it('passes, fails, or is a baseline', () => {
    const same = { a: [1, 2], b: [1, 2] };
    const other = { a: [1, 2], b: [1, 3] };
    expect(selfTest({ ...identical('coupled'), tokens: same }, 2)?.kind).toBe('passed');
    expect(selfTest({ ...identical('coupled'), tokens: other }, 2)).toMatchObject({ kind: 'failed', different: 1 });
    expect(selfTest({ ...identical('independent'), tokens: other }, 2)?.kind).toBe('baseline');
    expect(selfTest({ ...identical('independent', true), tokens: same }, 2)?.kind).toBe('passed');
    expect(
      selfTest({ prompts: { a: 'x', b: 'y' }, settings: { coupling: 'coupled', greedy: false }, tokens: same }, 2),
    ).toBeNull();
  });
});

describe('summary', () => {
  it('covers only the steps asked for', () => {
    const sample = sampleComparison();
    expect(summarise(sample, 25)).toMatchObject({ steps: 25, different: 0, firstSplit: null, selfTest: null });
    const whole = summarise(sample, 144);
    expect(whole.firstSplit).toBe(firstSplit(sample.tokens));
    expect(whole.deciding?.share).toBeGreaterThanOrEqual(0.8);
    expect(whole.crossScoreBits?.a).toBeCloseTo(sample.trace.crossScoreBits?.a.reduce((x, y) => x + y, 0) ?? NaN, 4);
  });

  it('says null for what is not known', () => {
    const { trace, ...sample } = sampleComparison();
    expect(summarise({ ...sample, trace: { length: 144, precision: 'rounded' } }, 144)).toMatchObject({
      deciding: null,
      crossScoreBits: null,
      promptDivergenceBits: null,
      meanEntropyBits: null,
      logProbabilityBits: null,
      distribution: null,
    });
    trace.crossScoreBits?.a.fill(NaN);
    expect(summarise({ ...sample, trace }, 144).crossScoreBits).toBeNull();
    expect(summarise({ ...sample, trace }, 0).meanEntropyBits).toBeNull();
  });
});
