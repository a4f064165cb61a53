'use client';
import clsx from 'clsx';
import { Minus, Plus } from 'lucide-react';
import { useBench, useBenchActions } from '@/lib/state';
import { zoomAt } from './geometry';
import { MAXIMUM_ZOOM } from './token-grid';

const STEP = 1.5;
const button =
  'grid size-5 place-items-center rounded-[5px] text-mut transition-colors enabled:hover:bg-soft enabled:hover:text-ink disabled:opacity-35 pointer-coarse:size-8';

/** Zoom of all grids at once. */
export function ZoomControls({ className }: { readonly className?: string }) {
  const viewport = useBench((state) => state.viewport);
  const actions = useBenchActions();
  return (
    <div role="group" aria-label="Zoom of all grids" className={clsx('flex items-center gap-0.5', className)}>
      <button
        type="button"
        aria-label="Zoom out"
        disabled={viewport.zoom <= 1}
        onClick={() => actions.setViewport(zoomAt(viewport, 1 / STEP, 0.5, 0.5, MAXIMUM_ZOOM))}
        className={button}
      >
        <Minus size={12} aria-hidden />
      </button>
      <button
        type="button"
        aria-label="Show the whole grid"
        title="Show the whole grid (double click on it)"
        disabled={viewport.zoom <= 1}
        onClick={() => actions.setViewport({ zoom: 1, x: 0.5, y: 0.5 })}
        className="num min-w-8 rounded-[5px] px-1 text-[13px] leading-5 text-mut enabled:hover:bg-soft enabled:hover:text-ink"
      >
        {viewport.zoom.toFixed(viewport.zoom < 10 && viewport.zoom % 1 > 0.05 ? 1 : 0)}×
      </button>
      <button
        type="button"
        aria-label="Zoom in"
        title="Zoom in (Ctrl and wheel, or pinch)"
        disabled={viewport.zoom >= MAXIMUM_ZOOM}
        onClick={() => actions.setViewport(zoomAt(viewport, STEP, 0.5, 0.5, MAXIMUM_ZOOM))}
        className={button}
      >
        <Plus size={12} aria-hidden />
      </button>
    </div>
  );
}
