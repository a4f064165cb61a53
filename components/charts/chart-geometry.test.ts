import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { axisSteps, barsPath, chartBox, linePath, shareY, stepAtX, stepX, ticksPath } from './chart-geometry';

const box = chartBox(1000, 132, 144);

describe('step chart', () => {
  it('finds the step under a point of its own column', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 200, max: 2000 }),
        fc.integer({ min: 1, max: 576 }),
        fc.nat(),
        (width, steps, pick) => {
          const any = chartBox(width, 132, steps);
          const step = pick % steps;
          expect(stepAtX(any, stepX(any, step))).toBe(step);
        },
      ),
    );
    expect(stepAtX(box, -50)).toBe(0);
    expect(stepAtX(box, 5000)).toBe(143);
  });

  it('mirrors B below A and stays inside', () => {
    expect(box.middle - shareY(box, 'a', 1)).toBeCloseTo(shareY(box, 'b', 1) - box.middle);
    expect(shareY(box, 'a', 1)).toBeGreaterThan(0);
    expect(shareY(box, 'b', 1)).toBeLessThan(132 - 12);
  });

  it('leaves out what is not known', () => {
    const values = new Float32Array([0.5, Number.NaN, 0.5, 0]);
    expect(barsPath(box, 'a', values, 4).match(/M/g)).toHaveLength(2);
    expect(linePath(box, 'a', values, 4, 2)).toMatch(/^M[^L]+M[^L]+L[^L]+$/);
    expect(linePath(box, 'b', values, 0, 2)).toBe('');
  });

  it('draws a tick for each different step that is drawn', () => {
    expect(ticksPath(box, 10, 4, (step) => step % 4 === 1).match(/M/g)).toHaveLength(3);
  });

  it('labels the first and the last step', () => {
    for (const width of [280, 600, 1400]) {
      const labels = axisSteps(chartBox(width, 132, 144), 12);
      expect(labels[0]).toBe(0);
      expect(labels.at(-1)).toBe(143);
      expect(labels.length).toBeLessThan(width / 40);
    }
  });
});
