import { describe, expect, it } from 'vitest';
import type { Trace } from '@/lib/comparison';
import { mergeTopTokens } from './top-tokens';

const trace: Trace = {
  length: 1,
  precision: 'exact',
  probability: { a: new Float32Array([0.5]), b: new Float32Array([0.004]) },
  topTokens: { a: new Int32Array([1, 2, 3, 4, 5, 6, 7, 8]), b: new Int32Array([2, 1, 11, 12, 13, 14, 15, 16]) },
  topProbabilities: {
    a: new Float32Array([0.5, 0.2, 0.1, 0.05, 0.04, 0.03, 0.02, 0.01]),
    b: new Float32Array([0.6, 0.1, 0.08, 0.05, 0.04, 0.03, 0.02, 0.01]),
  },
};

describe('merged candidates', () => {
  it('lists both sides by their larger probability and keeps the tokens taken', () => {
    const merged = mergeTopTokens(trace, 0, { a: 1, b: 99 }, 5);
    expect(merged?.rows.map((row) => row.token)).toEqual([2, 1, 3, 11, 99]);
  });

  it('gives a bound where a token is not among a side’s most likely', () => {
    const row = mergeTopTokens(trace, 0, { a: 1, b: 2 }, 8)?.rows.find(({ token }) => token === 3);
    expect(row?.probability.a).toEqual({ value: expect.closeTo(0.1) as number, isBound: false });
    expect(row?.probability.b).toEqual({ value: expect.closeTo(0.01) as number, isBound: true });
  });

  it('counts as others what the rows leave over', () => {
    const merged = mergeTopTokens(trace, 0, { a: 1, b: 2 }, 2);
    expect(merged?.others.a).toBeCloseTo(0.3);
    expect(merged?.others.b).toBeCloseTo(0.3);
  });

  it('is null without candidates', () => {
    expect(mergeTopTokens({ length: 1, precision: 'rounded' }, 0, { a: 1, b: 2 }, 5)).toBeNull();
  });
});
