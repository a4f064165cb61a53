'use client';
import { useEffect, useState } from 'react';
import type { DecodedImage, Grid } from '@/lib/domain';
import { diffImages } from '@/lib/measures';
import { useBench } from '@/lib/state';
import { canvasTheme, onThemeChange, parseHex } from './canvas-theme';

/** A mean difference of this much or more is drawn in full colour, of 255. */
export const FULL_DIFFERENCE = 128;

const differenceBitmap = (a: DecodedImage, b: DecodedImage, grid: Grid): HTMLCanvasElement | null => {
  if (a.width !== b.width || a.height !== b.height) return null;
  const { width, height, pixels } = diffImages({ a, b }, grid);
  const [red, green, blue] = parseHex(canvasTheme().d);
  const data = new Uint8ClampedArray(4 * pixels.length);
  for (let i = 0; i < pixels.length; i += 1) {
    data[4 * i] = red;
    data[4 * i + 1] = green;
    data[4 * i + 2] = blue;
    data[4 * i + 3] = ((pixels[i] ?? 0) / FULL_DIFFERENCE) * 255;
  }
  const canvas = document.createElement('canvas');
  canvas.width = width;
  canvas.height = height;
  canvas.getContext('2d')?.putImageData(new ImageData(data, width, height), 0, 0);
  return canvas;
};

/** The pixel difference of the pictures on screen; null while not asked for or not there. */
export const useDifferenceBitmap = (wanted: boolean): HTMLCanvasElement | null => {
  const a = useBench((state) => state.images.a);
  const b = useBench((state) => state.images.b);
  const grid = useBench((state) => state.frame?.grid ?? null);
  const [bitmap, setBitmap] = useState<HTMLCanvasElement | null>(null);
  useEffect(() => {
    const compute = () =>
      setBitmap(wanted && a !== null && b !== null && grid !== null ? differenceBitmap(a, b, grid) : null);
    compute();
    return onThemeChange(compute);
  }, [wanted, a, b, grid]);
  return bitmap;
};
