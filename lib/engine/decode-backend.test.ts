import fc from 'fast-check';
import { expect, test } from 'vitest';
import { chunkLengths } from './decode-backend';

test('chunks cover every step once', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 600 }), fc.integer({ min: 1, max: 20 }), fc.integer({ min: 1, max: 20 }), (steps, first, rest) => {
      const lengths = chunkLengths(steps, first, rest);
      expect(lengths.reduce((sum, length) => sum + length, 0)).toBe(steps);
      expect(lengths.every((length) => length > 0 && length <= Math.max(first, rest))).toBe(true);
    }),
  );
});
