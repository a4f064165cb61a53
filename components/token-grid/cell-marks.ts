import type { CellKind } from '@/lib/measures';
import type { CellBox } from './geometry';

/** Marks lie on pictures, which do not change with the theme: nor do they. */
export const PICTURE_MARKS = {
  a: '#2456d6',
  b: '#b4520c',
  deciding: '#8a1f6d',
  halo: 'rgb(255 255 255 / 0.92)',
} as const;

/** Widths of strokes, CSS pixels. */
export const STROKES = { contour: 2, deciding: 3.5, halo: 1.75 } as const;

/** A stroke with a halo, so that it is seen on any picture. */
export interface MarkInk {
  readonly stroke: string;
  readonly halo: string | null;
  /** Device pixels in a CSS pixel. */
  readonly unit: number;
}

/** Side of a mark in device pixels, for a cell of that size. */
export const markSize = (box: CellBox, unit: number): number =>
  Math.min(Math.max(Math.min(box.width, box.height) * 0.24, 4 * unit), 9 * unit);

/** The shape of a kind, starting at (x, y): a corner, a wave, or two unequal bars. */
export const traceMark = (
  path: CanvasPath,
  kind: Exclude<CellKind, 'same'>,
  x: number,
  y: number,
  size: number,
): void => {
  switch (kind) {
    case 'different':
      path.moveTo(x, y + size);
      path.lineTo(x, y);
      path.lineTo(x + size, y);
      return;
    case 'near':
      path.moveTo(x, y + size * 0.55);
      path.bezierCurveTo(x + size * 0.4, y - size * 0.25, x + size * 0.6, y + size * 1.15, x + size, y + size * 0.3);
      return;
    case 'distribution':
      path.moveTo(x + size * 0.15, y + size * 0.9);
      path.lineTo(x + size * 0.15, y + size * 0.45);
      path.moveTo(x + size * 0.7, y + size * 0.9);
      path.lineTo(x + size * 0.7, y);
      return;
  }
};

/** Strokes the current path with its halo below. */
export const strokeWithHalo = (
  context: CanvasRenderingContext2D,
  width: number,
  { stroke, halo, unit }: MarkInk,
): void => {
  if (halo !== null) {
    context.lineWidth = width + STROKES.halo * unit;
    context.strokeStyle = halo;
    context.stroke();
  }
  context.lineWidth = width;
  context.strokeStyle = stroke;
  context.stroke();
};
