import { contours, type Finding } from '@/lib/measures';
import { findingSoFar, type Frame, framedSteps } from '@/lib/state/bench';
import { strokeWithHalo } from './cell-marks';
import { cellBox, type Placement } from './geometry';
import type { PaintInput } from './paint-input';

/** Where the pictures differ everywhere, a line around everything says nothing. */
const isEverywhere = (finding: Finding | null): boolean => finding?.kind === 'everywhere';

const differing = ({ tokens }: Frame, steps: number): number[] =>
  Array.from({ length: steps }, (_, step) => step).filter((step) => tokens.a[step] !== tokens.b[step]);

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

/** One line around each region whose tokens differ. */
export const paintContours = (
  { context, placement, unit, state, frame }: PaintInput,
  ink: { readonly stroke: string; readonly halo: string },
): void => {
  if (!state.showsMarks || isEverywhere(findingSoFar(state))) return;
  context.save();
  context.lineJoin = 'round';
  context.beginPath();
  traceContours(context, placement, differing(frame, state.revealed));
  strokeWithHalo(context, 2 * unit, { ...ink, unit });
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
  strokeWithHalo(context, 3.5 * unit, { ...ink, unit });
  context.restore();
};
