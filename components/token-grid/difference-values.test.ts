import { describe, expect, it } from 'vitest';
import type { Frame } from '@/lib/state/bench';
import { crossValue, divergenceValue, valueScale } from './difference-values';

const frame = {
  trace: {
    length: 3,
    precision: 'exact',
    crossScoreBits: { a: new Float32Array([1, -3, Number.NaN]), b: new Float32Array([-2, 0.5, Number.NaN]) },
    promptDivergenceBits: { a: new Float32Array([0.25, 0, 0]), b: new Float32Array([0.5, 0, 0]) },
  },
} as unknown as Frame;

describe('values of the maps', () => {
  it('takes at each cell the score farther from zero', () => {
    expect([0, 1].map((step) => crossValue('larger')(frame, step))).toEqual([-2, -3]);
    expect(crossValue('a')(frame, 0)).toBe(1);
    expect(crossValue('b')(frame, 0)).toBe(-2);
  });

  it('knows nothing where the trace does not', () => {
    expect(crossValue('larger')(frame, 2)).toBeNaN();
    expect(divergenceValue('side')(frame, 0)).toBeNaN();
    expect(divergenceValue('promptB')(frame, 0)).toBe(0.5);
  });

  it('scales to the largest magnitude drawn so far, never below the floor', () => {
    expect(valueScale(crossValue('larger'), frame, 1, 1)).toBe(2);
    expect(valueScale(crossValue('larger'), frame, 3, 1)).toBe(3);
    expect(valueScale(crossValue('larger'), frame, 3, 5)).toBe(5);
  });
});
