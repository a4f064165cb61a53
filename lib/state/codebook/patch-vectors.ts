import { decode } from 'fast-png';
import { type CodebookVectors, PATCH_SIZE, patchOrigin } from '@/lib/measures';

/**
 * What the codes look like, as numbers: of each its patch of the atlas, RGB from 0 to 1, row by row. The atlas is a PNG of 8 bits a channel.
 * Throws an Error for a picture with too few patches.
 */
export const patchVectors = (
  png: Uint8Array,
  codes: number,
): Pick<CodebookVectors, 'size'> & { readonly centroids: Float32Array<ArrayBuffer> } => {
  const { width, height, channels, depth, data } = decode(png);
  if (depth !== 8 || channels < 3) throw new Error('The codebook is not a picture of 8 bits a colour.');
  const size = 3 * PATCH_SIZE * PATCH_SIZE;
  const centroids = new Float32Array(codes * size);
  for (let code = 0, at = 0; code < codes; code++) {
    const { x: left, y: top } = patchOrigin(code);
    if (left + PATCH_SIZE > width || top + PATCH_SIZE > height)
      throw new Error('The codebook is not an atlas of patches for every code.');
    for (let y = top; y < top + PATCH_SIZE; y++) {
      for (let x = left; x < left + PATCH_SIZE; x++) {
        const pixel = (y * width + x) * channels;
        for (let channel = 0; channel < 3; channel++) centroids[at++] = (data[pixel + channel] ?? NaN) / 255;
      }
    }
  }
  return { centroids, size };
};
