import type { DecodedImage } from '@/lib/domain';

const bitmaps = new WeakMap<DecodedImage, HTMLCanvasElement>();
const silhouettes = new WeakMap<DecodedImage, { readonly ink: string; readonly bitmap: HTMLCanvasElement }>();

const toCanvas = (width: number, height: number, data: Uint8ClampedArray<ArrayBuffer>): HTMLCanvasElement => {
  const canvas = document.createElement('canvas');
  canvas.width = width;
  canvas.height = height;
  canvas.getContext('2d')?.putImageData(new ImageData(data, width, height), 0, 0);
  return canvas;
};

/** The picture in a form that canvases draw quickly; made once for each picture. */
export const pictureBitmap = (image: DecodedImage): HTMLCanvasElement => {
  const known = bitmaps.get(image);
  if (known) return known;
  const bitmap = toCanvas(image.width, image.height, image.data);
  bitmaps.set(image, bitmap);
  return bitmap;
};

/**
 * The picture as a transparent drawing in `ink`: the darker a pixel, the more ink. So a picture recedes
 * behind a map on a light and on a dark panel alike.
 */
export const silhouetteBitmap = (image: DecodedImage, ink: string): HTMLCanvasElement => {
  const known = silhouettes.get(image);
  if (known?.ink === ink) return known.bitmap;
  const value = Number.parseInt(ink.slice(1), 16);
  const data = new Uint8ClampedArray(image.data.length);
  for (let i = 0; i < data.length; i += 4) {
    const luma = 0.299 * (image.data[i] ?? 0) + 0.587 * (image.data[i + 1] ?? 0) + 0.114 * (image.data[i + 2] ?? 0);
    data[i] = (value >> 16) & 255;
    data[i + 1] = (value >> 8) & 255;
    data[i + 2] = value & 255;
    data[i + 3] = 255 - luma;
  }
  const bitmap = toCanvas(image.width, image.height, data);
  silhouettes.set(image, { ink, bitmap });
  return bitmap;
};
