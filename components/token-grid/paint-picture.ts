import type { Grid, Side } from '@/lib/domain';
import { PATCH_SIZE, patchOrigin } from '@/lib/measures';
import { PICTURE_MARKS } from './cell-marks';
import type { Codebook } from './codebook';
import { cellBox, type Placement, traceCells } from './geometry';
import type { Painter, PaintInput } from './paint-input';
import { paintContours, paintDeciding } from './paint-marks';
import { pictureBitmap } from './picture-bitmap';
import { prefersReducedMotion } from './reduced-motion';

/** How far behind the newest cell the drawing's wake reaches, cells. */
const WAKE = 5;

export const paintPaper = ({ context, placement, unit, theme }: PaintInput): void => {
  const { grid, left, top, cellWidth, cellHeight, width, height } = placement;
  context.fillStyle = theme.panel;
  context.fillRect(0, 0, width, height);
  context.beginPath();
  const offset = unit >= 2 ? 0 : 0.5;
  for (let column = 1; column < grid.columns; column += 1) {
    const x = Math.round(left + column * cellWidth) + offset;
    context.moveTo(x, Math.max(0, top));
    context.lineTo(x, Math.min(height, top + grid.rows * cellHeight));
  }
  for (let row = 1; row < grid.rows; row += 1) {
    const y = Math.round(top + row * cellHeight) + offset;
    context.moveTo(Math.max(0, left), y);
    context.lineTo(Math.min(width, left + grid.columns * cellWidth), y);
  }
  context.lineWidth = Math.max(1, Math.round(unit * 0.75));
  context.strokeStyle = theme.soft;
  context.stroke();
};

/** Draws a bitmap over the whole grid, showing cells [from, to) only. */
export const drawCells = (
  context: CanvasRenderingContext2D,
  placement: Placement,
  bitmap: CanvasImageSource,
  from: number,
  to: number,
): void => {
  if (to <= from) return;
  const { grid, left, top, cellWidth, cellHeight } = placement;
  context.save();
  context.beginPath();
  traceCells(context, placement, from, to);
  context.clip();
  context.imageSmoothingQuality = 'high';
  context.drawImage(bitmap, left, top, cellWidth * grid.columns, cellHeight * grid.rows);
  context.restore();
};

/**
 * All tokens of a side as their codes' patches, one next to the other at the atlas's own size: scaled as one
 * picture, it shows no seams. Extended as tokens arrive.
 */
class TokenMosaic {
  readonly #codebook: Codebook;
  readonly #canvas = document.createElement('canvas');
  #tokens: Int32Array | null = null;
  #filled = 0;

  constructor(codebook: Codebook) {
    this.#codebook = codebook;
  }

  upTo(steps: number, tokens: Int32Array, { rows, columns }: Grid): HTMLCanvasElement {
    if (tokens !== this.#tokens || this.#canvas.width !== columns * PATCH_SIZE) {
      this.#tokens = tokens;
      this.#filled = 0;
      this.#canvas.width = columns * PATCH_SIZE;
      this.#canvas.height = rows * PATCH_SIZE;
    }
    const context = this.#canvas.getContext('2d');
    for (; context && this.#filled < steps; this.#filled += 1) {
      const { x, y } = patchOrigin(tokens[this.#filled] ?? 0);
      const left = (this.#filled % columns) * PATCH_SIZE;
      const top = Math.floor(this.#filled / columns) * PATCH_SIZE;
      context.drawImage(this.#codebook.patches, x, y, PATCH_SIZE, PATCH_SIZE, left, top, PATCH_SIZE, PATCH_SIZE);
    }
    return this.#canvas;
  }
}

const paintFrontier = ({ context, placement, unit, theme, state, frame }: PaintInput, side: Side): void => {
  const cells = frame.grid.rows * frame.grid.columns;
  const moving = state.replaying || state.status === 'drawing';
  const still = prefersReducedMotion();
  if (moving && !still) {
    context.fillStyle = theme[side];
    for (let age = 0; age < WAKE; age += 1) {
      const step = state.revealed - 1 - age;
      if (step < 0) break;
      const box = cellBox(placement, step);
      context.globalAlpha = 0.34 * (1 - age / WAKE) ** 1.6;
      context.fillRect(box.x, box.y, box.width, box.height);
    }
    context.globalAlpha = 1;
  }
  const waiting = moving || state.status === 'paused';
  if (!waiting || state.revealed >= cells) return;
  const box = cellBox(placement, state.revealed);
  context.save();
  context.shadowColor = theme[side];
  context.shadowBlur = moving && !still ? 10 * unit : 0;
  context.strokeStyle = theme[side];
  context.lineWidth = 2 * unit;
  context.strokeRect(box.x + unit, box.y + unit, box.width - 2 * unit, box.height - 2 * unit);
  context.restore();
};

/**
 * One side's picture: revealed cells, marks where the sides differ, and while it is drawn the frontier.
 * Cells that are newer than the last decoded preview show their code's patch.
 */
export const picturePainter = (side: Side, codebook: Codebook | null): Painter => {
  let mosaic: TokenMosaic | null = null;
  return (input) => {
    const { context, placement, state, frame } = input;
    paintPaper(input);
    const image = state.images[side];
    const decoded = image === null ? 0 : Math.min(state.imagesFrom, state.revealed);
    if (image !== null) drawCells(context, placement, pictureBitmap(image), 0, decoded);
    if (codebook !== null && decoded < state.revealed) {
      mosaic ??= new TokenMosaic(codebook);
      drawCells(
        context,
        placement,
        mosaic.upTo(state.revealed, frame.tokens[side], frame.grid),
        decoded,
        state.revealed,
      );
    }
    paintContours(input, { stroke: PICTURE_MARKS[side], halo: PICTURE_MARKS.halo });
    paintDeciding(input, { stroke: PICTURE_MARKS.deciding, halo: PICTURE_MARKS.halo });
    paintFrontier(input, side);
  };
};
