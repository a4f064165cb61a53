import fc from 'fast-check';
import { expect, test } from 'vitest';
import { chunkLengths, rowLengths, wholeRowLengths } from './schedule';

test('chunks cover every step once', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 600 }),
      fc.integer({ min: 1, max: 20 }),
      fc.integer({ min: 1, max: 20 }),
      (steps, first, rest) => {
        const lengths = chunkLengths(steps, first, rest);
        expect(lengths.reduce((sum, length) => sum + length, 0)).toBe(steps);
        expect(lengths.every((length) => length > 0 && length <= Math.max(first, rest))).toBe(true);
      },
    ),
  );
});

test('whole rows, the first of them in two parts', () => {
  expect(wholeRowLengths(16, 4, 1)).toEqual([1, 3, 4, 4, 4]);
  expect(wholeRowLengths(3, 1, 1)).toEqual([1, 1, 1]);
});

test('chunks of rows: no more of them than rows, each but the first completing one', () => {
  expect(rowLengths(16, 4, 2)).toEqual([2, 5, 5, 4]);
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 40 }),
      fc.integer({ min: 2, max: 40 }),
      fc.integer({ min: 1, max: 10 }),
      (rows, columns, first) => {
        const lengths = rowLengths(rows * columns, columns, Math.min(first, columns));
        expect(lengths.length).toBeLessThanOrEqual(Math.max(rows, 2));
        expect(lengths.every((length) => length > 0)).toBe(true);
        let done = 0;
        lengths.forEach((length, chunk) => {
          done += length;
          expect(Math.floor(done / columns)).toBeGreaterThanOrEqual(chunk);
        });
        expect(done).toBe(rows * columns);
      },
    ),
  );
});
