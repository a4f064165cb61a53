import { decode } from 'fast-png';
import type { CodebookVectors } from '../../compare';

/** Side of a patch, pixels. */
const PATCH = 8;

/**
 * What the codes look like, as numbers: of each its patch of the atlas, RGB from 0 to 1, row by row. The atlas is a PNG of 8 bits a channel whose patches
 * fill its rows one after another. Throws an Error for a picture with too few patches.
 */
export const patchVectors = (png: Uint8Array, codes: number): Pick<CodebookVectors, 'size'> & { readonly centroids: Float32Array<ArrayBuffer> } => {
  const { width, height, channels, depth, data } = decode(png);
  const columns = Math.floor(width / PATCH);
  if (depth !== 8 || channels < 3 || columns * Math.floor(height / PATCH) < codes) throw new Error('The codebook is not an atlas of patches for every code.');
  const size = 3 * PATCH * PATCH;
  const centroids = new Float32Array(codes * size);
  for (let code = 0, at = 0; code < codes; code++) {
    const [left, top] = [(code % columns) * PATCH, Math.floor(code / columns) * PATCH];
    for (let y = top; y < top + PATCH; y++) {
      for (let x = left; x < left + PATCH; x++) {
        const pixel = (y * width + x) * channels;
        for (let channel = 0; channel < 3; channel++) centroids[at++] = (data[pixel + channel] ?? NaN) / 255;
      }
    }
  }
  return { centroids, size };
};
