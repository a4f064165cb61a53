'use client';
import { type RefObject, useEffect, useRef } from 'react';

/** What a canvas paints on: its size in device pixels, and how many of them a CSS pixel has. */
export interface Surface {
  readonly width: number;
  readonly height: number;
  readonly unit: number;
}

const NOWHERE: Surface = { width: 0, height: 0, unit: 1 };

/** Keeps a canvas as many device pixels large as it takes on screen; `onResize` is called after each change. */
export const useSurface = (canvas: RefObject<HTMLCanvasElement | null>, onResize: () => void): RefObject<Surface> => {
  const surface = useRef(NOWHERE);
  useEffect(() => {
    const element = canvas.current;
    if (!element) return;
    const observer = new ResizeObserver((entries) => {
      const entry = entries.at(-1);
      if (!entry) return;
      const unit = window.devicePixelRatio || 1;
      const exact = entry.devicePixelContentBoxSize?.[0];
      const devicePixels = (css: number, reported: number | undefined): number => {
        const estimate = css * unit;
        // An emulated pixel ratio is missing from what is reported.
        return Math.round(reported !== undefined && Math.abs(reported - estimate) < 2 ? reported : estimate);
      };
      element.width = devicePixels(entry.contentRect.width, exact?.inlineSize);
      element.height = devicePixels(entry.contentRect.height, exact?.blockSize);
      surface.current = { width: element.width, height: element.height, unit };
      onResize();
    });
    try {
      observer.observe(element, { box: 'device-pixel-content-box' });
    } catch {
      // Safari knows no device pixels here; CSS pixels times their ratio come close.
      observer.observe(element);
    }
    return () => observer.disconnect();
  }, [canvas, onResize]);
  return surface;
};
