import { settingsWords } from '@/components/bench/settings-words';
import { formatProbability } from '@/components/inspector/format';
import { traceMark } from '@/components/token-grid/cell-marks';
import { pictureBitmap } from '@/components/token-grid/picture-bitmap';
import type { ModelSheet } from '@/lib/comparison';
import { type CodebookVectors, diffTokens } from '@/lib/measures';
import { withVisibleMarks } from '@/lib/prompts';
import type { VersusRow } from '@/lib/state/versus';
import { differenceWords } from './difference-map';

export interface SheetFigure {
  readonly sheet: ModelSheet;
  readonly names: readonly [string, string];
  readonly rows: readonly [VersusRow, VersusRow];
  readonly codebook: CodebookVectors | null;
}

/** Pixels. The figure is light whatever the theme, as on paper. */
const SIZE = 288;
const GAP = 24;
const LINE = 20;
const BLOCK = SIZE + 3 * LINE;
const colours = {
  paper: '#ffffff',
  ink: '#1b1a18',
  mut: '#68645c',
  line: '#e2dfd7',
  mark: '#8a1f6d',
  near: '#cf9fc1',
} as const;
const font = (weight: 'normal' | 'bold', size: number): string =>
  `${weight} ${size}px "Inter Variable", system-ui, sans-serif`;

/** As much of a text as fits. */
const fitted = (context: CanvasRenderingContext2D, text: string, width: number): string => {
  if (context.measureText(text).width <= width) return text;
  const letters = [...text];
  while (letters.length > 0 && context.measureText(`${letters.join('')}…`).width > width) letters.pop();
  return `${letters.join('')}…`;
};

const scores = ({ judged }: VersusRow, side: 'a' | 'b'): string => {
  if (!judged) return '';
  const [forA, forB] = side === 'a' ? [judged.aForA, judged.aForB] : [judged.bForA, judged.bForB];
  const words = (value: number | null): string => (value === null ? 'not read' : formatProbability(value));
  return `P(yes) for A ${words(forA)} · for B ${words(forB)}`;
};

/** The sheet as one picture. */
const paintSheet = ({ sheet, names, rows, codebook }: SheetFigure): HTMLCanvasElement => {
  const canvas = document.createElement('canvas');
  canvas.width = 3 * SIZE + 4 * GAP;
  canvas.height = 2 * GAP + 2 * LINE + 3 * BLOCK + LINE;
  const context = canvas.getContext('2d');
  if (context === null) throw new Error('This browser has no 2D canvas.');
  context.fillStyle = colours.paper;
  context.fillRect(0, 0, canvas.width, canvas.height);
  const left = (column: number): number => GAP + column * (SIZE + GAP);
  const write = (
    text: string,
    x: number,
    y: number,
    width: number,
    weight: 'normal' | 'bold' = 'normal',
    colour: string = colours.ink,
  ): void => {
    context.font = font(weight, 14);
    context.fillStyle = colour;
    context.fillText(fitted(context, text, width), x, y);
  };
  const map = (one: Int32Array, other: Int32Array, x: number, y: number): void => {
    const { grid } = sheet.rows[0];
    const difference = diffTokens({ a: one, b: other }, { codebook });
    const cell = { width: SIZE / grid.columns, height: SIZE / grid.rows };
    difference.kinds.forEach((kind, step) => {
      if (kind !== 'different' && kind !== 'near') return;
      const [cx, cy] = [x + (step % grid.columns) * cell.width, y + Math.floor(step / grid.columns) * cell.height];
      context.fillStyle = kind === 'near' ? colours.near : colours.mark;
      context.fillRect(cx, cy, cell.width, cell.height);
      context.beginPath();
      traceMark(context, kind, cx + 4, cy + 4, Math.min(cell.width, cell.height) * 0.4);
      context.lineWidth = 1.5;
      context.strokeStyle = kind === 'near' ? colours.ink : colours.paper;
      context.stroke();
    });
    write(differenceWords(difference), x, y + SIZE + LINE, SIZE, 'normal', colours.mut);
  };
  const framed = (x: number, y: number): void => {
    context.lineWidth = 1;
    context.strokeStyle = colours.line;
    context.strokeRect(x + 0.5, y + 0.5, SIZE - 1, SIZE - 1);
  };

  const { prompts, settings } = sheet.rows[0];
  write(`A  ${withVisibleMarks(prompts.a)}`, left(0), GAP + 14, SIZE);
  write(`B  ${withVisibleMarks(prompts.b)}`, left(1), GAP + 14, SIZE);
  write('A against B', left(2), GAP + 14, SIZE, 'normal', colours.mut);
  rows.forEach((row, index) => {
    const top = GAP + 2 * LINE + index * BLOCK;
    const tokens = sheet.rows[index]?.tokens;
    write(`${names[index] ?? ''}  ${row.folder}`, left(0), top, 2 * SIZE, 'bold');
    (['a', 'b'] as const).forEach((side, column) => {
      const [x, y] = [left(column), top + 8];
      if (row.images !== null) context.drawImage(pictureBitmap(row.images[side]), x, y, SIZE, SIZE);
      framed(x, y);
      write(scores(row, side), x, y + SIZE + LINE, SIZE, 'normal', colours.mut);
    });
    if (tokens) map(tokens.a, tokens.b, left(2), top + 8);
    framed(left(2), top + 8);
  });
  const top = GAP + 2 * LINE + 2 * BLOCK;
  const [one, other] = sheet.rows;
  write(`${names[0]} against ${names[1]}`, left(0), top, 2 * SIZE, 'bold');
  (['a', 'b'] as const).forEach((side, column) => {
    map(one.tokens[side], other.tokens[side], left(column), top + 8);
    framed(left(column), top + 8);
  });
  write(
    `${settingsWords(settings)} · the same noise for both models`,
    left(0),
    canvas.height - GAP / 2,
    canvas.width - 2 * GAP,
    'normal',
    colours.mut,
  );
  return canvas;
};

/** Saves the sheet as a PNG. */
export const saveSheetPicture = (figure: SheetFigure): void => {
  paintSheet(figure).toBlob((blob) => {
    if (blob === null) return;
    const url = URL.createObjectURL(blob);
    const anchor = document.createElement('a');
    anchor.href = url;
    anchor.download = 'model-against-model.png';
    anchor.click();
    setTimeout(() => URL.revokeObjectURL(url), 1000);
  }, 'image/png');
};
