import type { Grid } from '@/lib/domain';
import type { BenchState } from '@/lib/state/bench';

export type Viewport = BenchState['viewport'];

/** Where a token grid lies on a canvas, in device pixels; parts may lie outside while zoomed. */
export interface Placement {
  readonly grid: Grid;
  /** Size of the canvas. */
  readonly width: number;
  readonly height: number;
  readonly left: number;
  readonly top: number;
  readonly cellWidth: number;
  readonly cellHeight: number;
}

/** A cell's edges, on whole device pixels so that neighbours share them. */
export interface CellBox {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export const placeGrid = (width: number, height: number, grid: Grid, { zoom, x, y }: Viewport): Placement => ({
  grid,
  width,
  height,
  left: width / 2 - x * width * zoom,
  top: height / 2 - y * height * zoom,
  cellWidth: (width * zoom) / grid.columns,
  cellHeight: (height * zoom) / grid.rows,
});

export const cellBox = ({ grid, left, top, cellWidth, cellHeight }: Placement, step: number): CellBox => {
  const row = Math.floor(step / grid.columns);
  const column = step % grid.columns;
  const x = Math.round(left + column * cellWidth);
  const y = Math.round(top + row * cellHeight);
  return {
    x,
    y,
    width: Math.round(left + (column + 1) * cellWidth) - x,
    height: Math.round(top + (row + 1) * cellHeight) - y,
  };
};

/** The step whose cell covers a point of the canvas (device pixels), or null beside the grid. */
export const stepAt = ({ grid, left, top, cellWidth, cellHeight }: Placement, x: number, y: number): number | null => {
  const column = Math.floor((x - left) / cellWidth);
  const row = Math.floor((y - top) / cellHeight);
  if (row < 0 || column < 0 || row >= grid.rows || column >= grid.columns) return null;
  return row * grid.columns + column;
};

/** Zooms by `factor` so that the point at (x, y), shares of the canvas, stays where it is. */
export const zoomAt = (viewport: Viewport, factor: number, x: number, y: number, maximum: number): Viewport => {
  const zoom = Math.min(Math.max(viewport.zoom * factor, 1), maximum);
  const shift = 1 / viewport.zoom - 1 / zoom;
  return { zoom, x: viewport.x + (x - 0.5) * shift, y: viewport.y + (y - 0.5) * shift };
};

/** Moves the picture by (dx, dy), shares of the canvas. */
export const panBy = (viewport: Viewport, dx: number, dy: number): Viewport => ({
  zoom: viewport.zoom,
  x: viewport.x - dx / viewport.zoom,
  y: viewport.y - dy / viewport.zoom,
});

/** Adds the outline of cells [from, to) in raster order to the current path: at most three rectangles. */
export const traceCells = (path: CanvasPath, placement: Placement, from: number, to: number): void => {
  const { columns } = placement.grid;
  let step = from;
  while (step < to) {
    const column = step % columns;
    const wholeRows = column === 0 ? Math.floor((to - step) / columns) : 0;
    const end = wholeRows > 0 ? step + wholeRows * columns : Math.min(to, step - column + columns);
    const first = cellBox(placement, step);
    const last = cellBox(placement, end - 1);
    path.rect(first.x, first.y, last.x + last.width - first.x, last.y + last.height - first.y);
    step = end;
  }
};
