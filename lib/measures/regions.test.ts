import fc from 'fast-check';
import { expect, it } from 'vitest';
import { contours, type Corner } from './regions';

const grid = { rows: 3, columns: 4 };

it('draws one line around cells that touch by a side', () => {
  expect(contours([5], grid)).toEqual([
    [
      [2, 1],
      [2, 2],
      [1, 2],
      [1, 1],
    ],
  ]);
  expect(contours([1, 2, 6], grid)).toEqual([
    [
      [3, 0],
      [3, 2],
      [2, 2],
      [2, 1],
      [1, 1],
      [1, 0],
    ],
  ]);
});

it('keeps cells apart that touch by a corner, and gives a hole a line of its own', () => {
  expect(contours([0, 5], grid)).toHaveLength(2);
  expect(contours([0, 1, 2, 4, 6, 8, 9, 10], grid)).toHaveLength(2);
  expect(contours([], grid)).toEqual([]);
});

/** Twice the area within closed lines, holes taken off. */
const area = (lines: readonly (readonly Corner[])[]): number =>
  lines.reduce(
    (sum, line) =>
      sum +
      line.reduce((part, [x, y], i) => {
        const [nextX, nextY] = line[(i + 1) % line.length] as Corner;
        return part + x * nextY - nextX * y;
      }, 0),
    0,
  );

it('encloses exactly the cells, with as many edges as lie between them and the rest', () => {
  const cells = fc.uniqueArray(fc.integer({ min: 0, max: 35 }));
  fc.assert(
    fc.property(cells, (set) => {
      const lines = contours(set, { rows: 6, columns: 6 });
      expect(area(lines)).toBe(2 * set.length);
      const edges = set.flatMap((step) => [
        step < 6 || !set.includes(step - 6),
        step >= 30 || !set.includes(step + 6),
        step % 6 === 0 || !set.includes(step - 1),
        step % 6 === 5 || !set.includes(step + 1),
      ]);
      const length = lines.reduce(
        (sum, line) =>
          sum +
          line.reduce((part, [x, y], i) => {
            const [nextX, nextY] = line[(i + 1) % line.length] as Corner;
            return part + Math.abs(nextX - x) + Math.abs(nextY - y);
          }, 0),
        0,
      );
      expect(length).toBe(edges.filter(Boolean).length);
    }),
    { seed: 11 },
  );
});
