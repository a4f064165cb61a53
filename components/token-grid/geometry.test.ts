import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cellBox, panBy, placeGrid, stepAt, traceCells, zoomAt } from './geometry';

const grid = { rows: 12, columns: 12 };
const whole = { zoom: 1, x: 0.5, y: 0.5 };

describe('grid geometry', () => {
  it('covers the canvas without gaps when the whole grid is shown', () => {
    const placement = placeGrid(701, 701, grid, whole);
    let right = 0;
    for (let column = 0; column < 12; column += 1) {
      const box = cellBox(placement, column);
      expect(box.x).toBe(right);
      right = box.x + box.width;
    }
    expect(right).toBe(701);
  });

  it('finds the cell that a point lies in, at any zoom', () => {
    fc.assert(
      fc.property(
        fc.record({ rows: fc.integer({ min: 1, max: 24 }), columns: fc.integer({ min: 1, max: 24 }) }),
        fc.double({ min: 1, max: 12, noNaN: true }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.nat(),
        (shape, zoom, x, y, pick) => {
          const placement = placeGrid(640, 480, shape, { zoom, x, y });
          const step = pick % (shape.rows * shape.columns);
          const box = cellBox(placement, step);
          expect(stepAt(placement, box.x + box.width / 2, box.y + box.height / 2)).toBe(step);
        },
      ),
    );
  });

  it('answers null beside the grid', () => {
    const placement = placeGrid(100, 100, grid, whole);
    expect(stepAt(placement, -1, 5)).toBeNull();
    expect(stepAt(placement, 5, 101)).toBeNull();
  });

  it('keeps the point under the pointer while zooming', () => {
    const before = placeGrid(600, 600, grid, whole);
    const after = placeGrid(600, 600, grid, zoomAt(whole, 3, 0.3, 0.8, 12));
    const share = (value: number, start: number, size: number) => (value - start) / size;
    expect(share(180, after.left, after.cellWidth)).toBeCloseTo(share(180, before.left, before.cellWidth));
    expect(share(480, after.top, after.cellHeight)).toBeCloseTo(share(480, before.top, before.cellHeight));
  });

  it('moves the picture with the pointer while panning', () => {
    const zoomed = zoomAt(whole, 4, 0.5, 0.5, 12);
    const before = placeGrid(600, 600, grid, zoomed);
    const after = placeGrid(600, 600, grid, panBy(zoomed, 0.1, -0.05));
    expect(after.left - before.left).toBeCloseTo(60);
    expect(after.top - before.top).toBeCloseTo(-30);
  });

  it('outlines a raster range by at most three rectangles of the right area', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 144 }), fc.integer({ min: 0, max: 144 }), (one, other) => {
        const [from, to] = one < other ? [one, other] : [other, one];
        const areas: number[] = [];
        const path = { rect: (_x: number, _y: number, width: number, height: number) => areas.push(width * height) };
        traceCells(path as unknown as CanvasPath, placeGrid(1200, 1200, grid, whole), from, to);
        expect(areas.length).toBeLessThanOrEqual(3);
        expect(areas.reduce((sum, area) => sum + area, 0)).toBe((to - from) * 10_000);
      }),
    );
  });
});
