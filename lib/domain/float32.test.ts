import fc from 'fast-check';
import { expect, it } from 'vitest';
import { shortestFloat32 } from './float32';

it('rounds to the same float32 and is the shortest decimal that does', () => {
  fc.assert(
    fc.property(fc.float({ noNaN: true }), (value) => {
      const decimal = shortestFloat32(value);
      expect(Math.fround(decimal)).toBe(value + 0);
      if (!Number.isFinite(value) || Number.isInteger(value)) return;
      for (let digits = 1; digits < 9; digits++) {
        const candidate = Number(value.toPrecision(digits));
        if (Math.fround(candidate) !== value) continue;
        expect(decimal).toBe(candidate);
        return;
      }
    }),
    { seed: 9, numRuns: 2000 },
  );
});

it('keeps the usual settings as they are written', () => {
  for (const value of [0.05, 0.1, 0.95, 1, 1.5, 5, 0.7, 100, 0.001]) expect(shortestFloat32(value)).toBe(value);
  expect(shortestFloat32(0.1 + 0.2)).toBe(0.3);
  expect(Object.is(shortestFloat32(-0), 0)).toBe(true);
  expect(shortestFloat32(Number.NaN)).toBeNaN();
  expect(shortestFloat32(1e300)).toBe(Infinity);
});
