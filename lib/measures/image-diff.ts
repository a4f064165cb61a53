import type { DecodedImage, Grid, Pair } from '@/lib/domain';

export interface ImageDifference {
  readonly width: number;
  readonly height: number;
  /**
   * For each pixel the mean of |A - B| over red, green and blue, 0 to 255. Of 8-bit sRGB values, which are
   * spaced roughly as the eye sees steps of lightness; it is no model of colour vision.
   */
  readonly pixels: Float32Array;
  /** The mean of `pixels` over each cell, row-major. */
  readonly cells: Float32Array;
  /** The mean of `pixels` over the picture. */
  readonly mean: number;
}

/** Which pixel rows (or columns) a cell covers: all pixels are shared out, also where they do not divide evenly. */
const edge = (index: number, count: number, size: number): number => Math.round((index * size) / count);

/** @throws RangeError if the pictures differ in size. */
export const diffImages = ({ a, b }: Pair<DecodedImage>, { rows, columns }: Grid): ImageDifference => {
  if (a.width !== b.width || a.height !== b.height) {
    throw new RangeError(`The pictures differ in size: ${a.width} x ${a.height} and ${b.width} x ${b.height}.`);
  }
  const { width, height } = a;
  const pixels = new Float32Array(width * height);
  let sum = 0;
  for (let i = 0; i < pixels.length; i++) {
    let difference = 0;
    for (let channel = 0; channel < 3; channel++) {
      difference += Math.abs((a.data[i * 4 + channel] ?? 0) - (b.data[i * 4 + channel] ?? 0));
    }
    pixels[i] = difference / 3;
    sum += difference / 3;
  }
  const cells = new Float32Array(rows * columns);
  for (let row = 0; row < rows; row++) {
    const top = edge(row, rows, height);
    const bottom = edge(row + 1, rows, height);
    for (let column = 0; column < columns; column++) {
      const left = edge(column, columns, width);
      const right = edge(column + 1, columns, width);
      let cell = 0;
      for (let y = top; y < bottom; y++) for (let x = left; x < right; x++) cell += pixels[y * width + x] ?? 0;
      cells[row * columns + column] = cell / Math.max(1, (bottom - top) * (right - left));
    }
  }
  return { width, height, pixels, cells, mean: pixels.length === 0 ? 0 : sum / pixels.length };
};
