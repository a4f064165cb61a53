import type { DecodedImage, Grid, Pair } from '@/lib/domain';
import { type CellKind, type CodebookVectors, diffTokens } from '@/lib/measures';

export interface DifferencePictureInput {
  readonly images: Pair<DecodedImage>;
  readonly tokens: Pair<ArrayLike<number>>;
  readonly grid: Grid;
  /** Cells compared, from 0; default all that both sides have. */
  readonly steps?: number;
  /** Side divergence, bits; marks equal tokens from another distribution. */
  readonly divergenceBits?: ArrayLike<number> | undefined;
  readonly codebook?: CodebookVectors | null;
  /** Enlarges every pixel; the default makes the longer side at least 768 pixels. */
  readonly scale?: number;
}

type Colour = readonly [red: number, green: number, blue: number];

const MARK: Colour = [147, 28, 110];
/** How much of white is mixed into the grey picture below the marks. */
const PALENESS = 0.72;
const TINT = 0.34;

/** Shape tells the kinds apart, not colour alone; x and y run from 0 to 1 across the cell, `line` is a line's width. */
const shapes: Readonly<Record<CellKind, (x: number, y: number, line: number) => number>> = {
  same: () => 0,
  /** A filled square with a frame. */
  different: (x, y, line) => (Math.min(x, y, 1 - x, 1 - y) < line ? 1 : TINT),
  /** A diagonal. */
  near: (x, y, line) => (Math.abs(x - y) < line * 0.8 ? 1 : TINT / 3),
  /** A dot. */
  distribution: (x, y) => (Math.hypot(x - 0.5, y - 0.5) < 0.13 ? 1 : 0),
};

/**
 * Where the two sides differ, as a picture of its own: the mean of both pictures, grey and pale, with a mark
 * on each cell by what differs there: a framed square for different tokens, a diagonal for tokens that look
 * alike, a dot for the same token from another distribution.
 * @throws RangeError if the pictures differ in size
 */
export const differencePicture = (input: DifferencePictureInput): DecodedImage => {
  const { a, b } = input.images;
  const { rows, columns } = input.grid;
  if (a.width !== b.width || a.height !== b.height) {
    throw new RangeError(`The pictures differ in size: ${a.width} x ${a.height} and ${b.width} x ${b.height}.`);
  }
  const scale = input.scale ?? Math.max(1, Math.ceil(768 / Math.max(a.width, a.height)));
  const width = a.width * scale;
  const height = a.height * scale;
  const { kinds } = diffTokens(input.tokens, {
    steps: Math.min(input.steps ?? Infinity, input.tokens.a.length, input.tokens.b.length),
    divergenceBits: input.divergenceBits,
    codebook: input.codebook ?? null,
  });
  // Two pixels at the default size, and never thinner than one.
  const line = Math.max(1.01 / (width / columns), 0.04);
  const data = new Uint8ClampedArray(width * height * 4);
  for (let y = 0; y < height; y++) {
    const cellY = ((y + 0.5) / height) * rows;
    for (let x = 0; x < width; x++) {
      const cellX = ((x + 0.5) / width) * columns;
      const source = (Math.floor(y / scale) * a.width + Math.floor(x / scale)) * 4;
      const channel = (offset: number): number => ((a.data[source + offset] ?? 0) + (b.data[source + offset] ?? 0)) / 2;
      // Rec. 709 luma of the mean picture.
      const grey = 0.2126 * channel(0) + 0.7152 * channel(1) + 0.0722 * channel(2);
      const pale = grey + (255 - grey) * PALENESS;
      const kind = kinds[Math.floor(cellY) * columns + Math.floor(cellX)] ?? 'same';
      const ink = shapes[kind](cellX % 1, cellY % 1, line);
      const target = (y * width + x) * 4;
      for (let offset = 0; offset < 3; offset++) data[target + offset] = pale + ((MARK[offset] ?? 0) - pale) * ink;
      data[target + 3] = 255;
    }
  }
  return { width, height, data };
};
