'use client';
import { useRef } from 'react';
import { canvasTheme } from './canvas-theme';
import { placeGrid } from './geometry';
import type { Painter } from './paint-input';
import { usePaint } from './use-paint';
import { useSurface } from './use-surface';

/** What a painter shows of the comparison on screen; a new painter asks for a repaint. */
export function PaintedCanvas({ painter }: { readonly painter: Painter }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const painted = useRef<readonly unknown[]>([]);
  const repaint = usePaint((state) => {
    const { width, height, unit } = surface.current;
    const context = canvas.current?.getContext('2d');
    if (!context || width === 0) return;
    const theme = canvasTheme();
    const { frame } = state;
    // The cursor moves often and the picture seldom: it is repainted only when it changed.
    const shows = [
      painter,
      theme,
      surface.current,
      frame,
      state.drawn,
      state.revealed,
      state.replaying,
      state.status,
      state.images,
      state.imagesFrom,
      state.viewport,
      state.showsMarks,
    ];
    if (shows.every((value, i) => value === painted.current[i])) return;
    painted.current = shows;
    context.clearRect(0, 0, width, height);
    if (frame === null) return;
    painter({ context, placement: placeGrid(width, height, frame.grid, state.viewport), unit, theme, state, frame });
  });
  const surface = useSurface(canvas, repaint);
  return <canvas ref={canvas} aria-hidden className="absolute inset-0 size-full" />;
}
