'use client';
import { useEffect, useState } from 'react';
import type { DecodedImage } from '@/lib/engine';
import { useBench } from '@/lib/state/use-bench';
import { canvasTheme, onThemeChange, parseHex } from './canvas-theme';

/** Largest difference of a colour channel at each pixel, as opacity of the colour of differences. */
const differenceBitmap = (a: DecodedImage, b: DecodedImage): HTMLCanvasElement | null => {
  if (a.width !== b.width || a.height !== b.height) return null;
  const [red, green, blue] = parseHex(canvasTheme().d);
  const data = new Uint8ClampedArray(a.data.length);
  for (let i = 0; i < data.length; i += 4) {
    let largest = 0;
    for (let channel = 0; channel < 3; channel += 1) {
      largest = Math.max(largest, Math.abs((a.data[i + channel] ?? 0) - (b.data[i + channel] ?? 0)));
    }
    data[i] = red;
    data[i + 1] = green;
    data[i + 2] = blue;
    data[i + 3] = largest;
  }
  const canvas = document.createElement('canvas');
  canvas.width = a.width;
  canvas.height = a.height;
  canvas.getContext('2d')?.putImageData(new ImageData(data, a.width, a.height), 0, 0);
  return canvas;
};

/** The pixel difference of the pictures on screen; null while not asked for or not there. */
export const useDifferenceBitmap = (wanted: boolean): HTMLCanvasElement | null => {
  const a = useBench((state) => state.images.a);
  const b = useBench((state) => state.images.b);
  const [bitmap, setBitmap] = useState<HTMLCanvasElement | null>(null);
  useEffect(() => {
    const compute = () => setBitmap(wanted && a !== null && b !== null ? differenceBitmap(a, b) : null);
    compute();
    return onThemeChange(compute);
  }, [wanted, a, b]);
  return bitmap;
};
