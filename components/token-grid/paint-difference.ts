import { formatCell } from '@/components/inspector/format';
import type { DecodedImage } from '@/lib/domain';
import type { CellKind } from '@/lib/measures';
import { type CanvasTheme, cssColour, mix, parseHex, readableOn, type Rgb } from './canvas-theme';
import { cellKindAt } from './cell-kind';
import { markSize, strokeWithHalo, traceMark } from './cell-marks';
import type { Codebook } from './codebook';
import { type CellValue, CROSS_SCALE_FLOOR, DIVERGENCE_SCALE, valueScale } from './difference-values';
import { type CellBox, cellBox, traceCells } from './geometry';
import type { Painter, PaintInput } from './paint-input';
import { paintContours, paintDeciding } from './paint-marks';
import { drawCells, paintPaper } from './paint-picture';
import { silhouetteBitmap } from './picture-bitmap';

/** Opacity of the picture behind a map. */
const SILHOUETTE = 0.2;
/** What would be written as 0.0 is no finding: such cells stay empty, bits. */
const LEAST_CROSS = 0.05;
const LEAST_DIVERGENCE = 0.02;
/** Numbers are written in cells at least this wide, CSS pixels, */
const NUMBER_CELL = 21;
/** for values of at least this share of full colour; */
const NUMBER_SHARE = 0.2;
/** cells this wide have room for every number. */
const ROOMY_CELL = 44;

/** Of these two, one reaches 4.5:1 on any colour. */
const WHITE: Rgb = [255, 255, 255];
const BLACK: Rgb = [0, 0, 0];

const font = (pixels: number): string => `600 ${pixels}px "JetBrains Mono Variable", ui-monospace, monospace`;

/** How strongly a value colours its cell, 0 ... 1; the root keeps small values visible. */
export const strength = (value: number, scale: number): number => Math.min(1, Math.sqrt(Math.abs(value) / scale));

/** Paper where cells are still to come, and nothing where they are: lines there would compete with the map. */
const paintEmptyMap = (input: PaintInput): void => {
  const { context, placement, state, theme } = input;
  paintPaper(input);
  context.fillStyle = theme.panel;
  context.beginPath();
  traceCells(context, placement, 0, state.revealed);
  context.fill();
};

const paintGround = (input: PaintInput): void => {
  const { context, placement, state, theme } = input;
  paintEmptyMap(input);
  const image: DecodedImage | null = state.images.a;
  if (image === null) return;
  context.save();
  context.globalAlpha = SILHOUETTE;
  drawCells(context, placement, silhouetteBitmap(image, theme.ink), 0, Math.min(state.revealed, state.imagesFrom));
  context.restore();
};

const fillCell = (context: CanvasRenderingContext2D, box: CellBox, unit: number, round: boolean): void => {
  const gap = 1.25 * unit;
  const width = box.width - 2 * gap;
  const height = box.height - 2 * gap;
  context.beginPath();
  context.roundRect(
    box.x + gap,
    box.y + gap,
    width,
    height,
    round ? Math.min(width, height) / 2 : Math.min(4 * unit, width / 4),
  );
  context.fill();
};

const paintNumber = ({ context, unit }: PaintInput, box: CellBox, text: string, colour: Rgb): void => {
  const size = Math.min(Math.max(Math.min(box.width, box.height) * 0.32, 8 * unit), 17 * unit);
  context.font = font(size);
  context.textAlign = 'center';
  context.textBaseline = 'alphabetic';
  context.fillStyle = cssColour(colour);
  // Digits reach 0.73 em above the baseline in this face.
  context.fillText(text, box.x + box.width / 2, box.y + box.height / 2 + size * 0.365);
};

interface HeatMap {
  readonly value: CellValue;
  readonly scale: number;
  /** Smaller magnitudes are not drawn. */
  readonly least: number;
  readonly positive: (theme: CanvasTheme) => string;
  readonly negative: (theme: CanvasTheme) => string;
}

const paintHeatMap = (input: PaintInput, map: HeatMap): void => {
  const { context, placement, unit, theme, state, frame } = input;
  const ground = parseHex(theme.panel);
  const cell = Math.min(placement.cellWidth, placement.cellHeight) / unit;
  const written = cell < NUMBER_CELL ? Infinity : cell < ROOMY_CELL ? NUMBER_SHARE : 0;
  for (let step = 0; step < state.revealed; step += 1) {
    const value = map.value(frame, step);
    if (!(Math.abs(value) >= map.least)) continue;
    const box = cellBox(placement, step);
    const share = strength(value, map.scale);
    const fill = mix(ground, parseHex(value < 0 ? map.negative(theme) : map.positive(theme)), 0.14 + 0.86 * share);
    context.fillStyle = cssColour(fill);
    fillCell(context, box, unit, value < 0);
    const number = formatCell(value);
    if (share >= written && /[1-9]/.test(number)) paintNumber(input, box, number, readableOn(fill, WHITE, BLACK));
  }
  paintContours(input, { stroke: theme.ink, halo: theme.panel });
  paintDeciding(input, { stroke: theme.d, halo: theme.panel });
};

export const crossPainter =
  (value: CellValue): Painter =>
  (input) => {
    paintGround(input);
    paintHeatMap(input, {
      value,
      scale: valueScale(value, input.frame, input.state.drawn, CROSS_SCALE_FLOOR),
      least: LEAST_CROSS,
      positive: (theme) => theme.d,
      negative: (theme) => theme.neg,
    });
  };

/** The sides' own divergence is drawn in ink, the prompts' in the colour of differences: only the second may be put down to the prompts. */
export const divergencePainter =
  (value: CellValue, ofPrompts: boolean): Painter =>
  (input) => {
    const colour = (theme: CanvasTheme) => (ofPrompts ? theme.d : theme.mut);
    paintGround(input);
    paintHeatMap(input, {
      value,
      scale: DIVERGENCE_SCALE,
      least: LEAST_DIVERGENCE,
      positive: colour,
      negative: colour,
    });
  };

const kindShare: Readonly<Record<Exclude<CellKind, 'same'>, number>> = {
  different: 0.9,
  near: 0.42,
  distribution: 0.12,
};

export const tokensPainter =
  (codebook: Codebook | null): Painter =>
  (input) => {
    const { context, placement, unit, theme, state, frame } = input;
    const ground = parseHex(theme.panel);
    paintGround(input);
    for (let step = 0; step < state.revealed; step += 1) {
      const kind = cellKindAt(frame, step, codebook);
      if (kind === 'same') continue;
      const box = cellBox(placement, step);
      const fill = mix(ground, parseHex(theme.d), kindShare[kind]);
      context.fillStyle = cssColour(fill);
      fillCell(context, box, unit, false);
      const size = markSize(box, unit);
      context.beginPath();
      traceMark(context, kind, box.x + (box.width - size) / 2, box.y + (box.height - size) / 2, size);
      strokeWithHalo(context, 1.5 * unit, { stroke: cssColour(readableOn(fill, WHITE, BLACK)), halo: null, unit });
    }
    paintDeciding(input, { stroke: theme.d, halo: theme.panel });
  };

/** `bitmap` is the image difference, or null while there is none. */
export const pixelsPainter =
  (bitmap: CanvasImageSource | null): Painter =>
  (input) => {
    const { context, placement, state } = input;
    paintEmptyMap(input);
    if (bitmap !== null) drawCells(context, placement, bitmap, 0, Math.min(state.revealed, state.imagesFrom));
  };
