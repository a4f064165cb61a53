import { encode } from 'fast-png';
import type { DecodedImage, Grid, Pair } from '@/lib/domain';

export function toPng({ width, height, data }: DecodedImage): Uint8Array {
  return encode({ width, height, data: new Uint8Array(data.buffer), channels: 4, depth: 8 });
}

const SCALE = 3;
const PALE = 0.72;
const OUTLINE = [196, 58, 24] as const;
const OUTLINE_WIDTH = 3;

/**
 * The two pictures' mean, pale; cells with different tokens keep their colours and get an outline, so that they are told apart by
 * shape as well as by colour. Three times as large as the pictures.
 */
export function differencePicture(
  { a, b }: Pair<DecodedImage>,
  tokens: Pair<Int32Array>,
  { rows, columns }: Grid,
): DecodedImage {
  const width = a.width * SCALE;
  const height = a.height * SCALE;
  const data = new Uint8ClampedArray(4 * width * height).fill(255);
  const cellWidth = width / columns;
  const cellHeight = height / rows;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const column = Math.floor(x / cellWidth);
      const row = Math.floor(y / cellHeight);
      const cell = row * columns + column;
      const differs = tokens.a[cell] !== tokens.b[cell];
      const left = x - column * cellWidth;
      const top = y - row * cellHeight;
      const onEdge = Math.min(left, top, cellWidth - 1 - left, cellHeight - 1 - top) < OUTLINE_WIDTH;
      const from = 4 * (Math.floor(y / SCALE) * a.width + Math.floor(x / SCALE));
      const to = 4 * (y * width + x);
      for (let channel = 0; channel < 3; channel++) {
        const mean = ((a.data[from + channel] ?? 255) + (b.data[from + channel] ?? 255)) / 2;
        const pale = mean + (255 - mean) * PALE;
        data[to + channel] = !differs ? pale : onEdge ? (OUTLINE[channel] ?? 0) : mean;
      }
    }
  }
  return { width, height, data };
}
