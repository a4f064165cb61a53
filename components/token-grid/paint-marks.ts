import { contours, differingSteps, isEverywhere } from '@/lib/measures';
import { framedSteps } from '@/lib/state/bench';
import { STROKES, strokeWithHalo } from './cell-marks';
import { cellBox, type Placement } from './geometry';
import type { PaintInput } from './paint-input';

/** Adds one closed line around each region of cells to the path. */
const traceContours = (path: CanvasPath, placement: Placement, cells: readonly number[]): void => {
  const { grid, left, top, cellWidth, cellHeight } = placement;
  for (const line of contours(cells, grid)) {
    line.forEach(([column, row], i) => {
      const [x, y] = [Math.round(left + column * cellWidth), Math.round(top + row * cellHeight)];
      if (i === 0) path.moveTo(x, y);
      else path.lineTo(x, y);
    });
    path.closePath();
  }
};

/** One line around each region whose tokens differ; none where they differ everywhere. */
export const paintContours = (
  { context, placement, unit, state, frame }: PaintInput,
  ink: { readonly stroke: string; readonly halo: string },
): void => {
  const cells = differingSteps(frame.tokens, state.revealed);
  if (!state.showsMarks || isEverywhere(cells.length, state.revealed)) return;
  context.save();
  context.lineJoin = 'round';
  context.beginPath();
  traceContours(context, placement, cells);
  strokeWithHalo(context, STROKES.contour * unit, { ...ink, unit });
  context.restore();
};

/** A frame outside each cell that decides. */
export const paintDeciding = (
  { context, placement, unit, state }: PaintInput,
  ink: { readonly stroke: string; readonly halo: string },
): void => {
  if (!state.showsMarks) return;
  context.save();
  context.beginPath();
  for (const step of framedSteps(state).filter((each) => each < state.revealed)) {
    const { x, y, width, height } = cellBox(placement, step);
    const out = 1.5 * unit;
    context.roundRect(x - out, y - out, width + 2 * out, height + 2 * out, 4 * unit);
  }
  strokeWithHalo(context, STROKES.deciding * unit, { ...ink, unit });
  context.restore();
};
