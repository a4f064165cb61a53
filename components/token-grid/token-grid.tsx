'use client';
import clsx from 'clsx';
import { useEffect, useId, useRef, useState } from 'react';
import type { KeyboardEvent, PointerEvent, ReactNode } from 'react';
import { useBench, useBenchStore } from '@/lib/state';
import { activeStep, type BenchState, cursorStart } from '@/lib/state/bench';
import { canvasTheme } from './canvas-theme';
import { cellBox, panBy, placeGrid, type Placement, stepAt, zoomAt } from './geometry';
import type { Painter } from './paint-input';
import { PaintedCanvas } from './painted-canvas';
import { usePaint } from './use-paint';
import { useSurface } from './use-surface';

export const MAXIMUM_ZOOM = 12;
const KEY_ZOOM = 1.5;
/** Most that one wheel event zooms, in hundredths of e. */
const WHEEL_LIMIT = 24;
/** A press that moves farther than this is a drag, CSS pixels. */
const DRAG_THRESHOLD = 4;

export interface TokenGridProps {
  /** Accessible name: what is drawn here. */
  readonly label: string;
  /** One sentence about a cell, for those who do not see it. */
  readonly describe: (state: BenchState, step: number) => string;
  /** Paints everything but the cursor. A new function asks for a repaint. */
  readonly painter: Painter;
  /** Pictures do not change with the theme, so their cursor must not either. */
  readonly ground: 'picture' | 'map';
  readonly className?: string;
  /** Lies on the canvas, below the cursor. */
  readonly children?: ReactNode;
}

interface CursorInk {
  readonly line: string;
  readonly halo: string;
}

const pictureCursor: CursorInk = { line: '#141413', halo: '#ffffff' };

const paintCursor = (
  context: CanvasRenderingContext2D,
  placement: Placement,
  unit: number,
  { line, halo }: CursorInk,
  state: BenchState,
): void => {
  const ring = (step: number, inner: number, outer: number) => {
    const box = cellBox(placement, step);
    context.lineWidth = outer * unit;
    context.strokeStyle = halo;
    context.strokeRect(box.x, box.y, box.width, box.height);
    context.lineWidth = inner * unit;
    context.strokeStyle = line;
    context.strokeRect(box.x, box.y, box.width, box.height);
  };
  context.lineJoin = 'round';
  if (state.hoveredStep !== null && state.hoveredStep !== state.lockedStep) ring(state.hoveredStep, 1.25, 3.5);
  if (state.lockedStep !== null) ring(state.lockedStep, 2.5, 5);
};

/**
 * A grid of cells on a canvas with the shared cursor, zoom and pan. Hover previews, a click locks; arrow
 * keys move, Enter locks, Escape frees; Ctrl and wheel, pinch, or + and - zoom, a drag pans, a double
 * click shows the whole grid again.
 */
export function TokenGrid({ label, describe, painter, ground, className, children }: TokenGridProps) {
  const store = useBenchStore();
  const descriptionId = useId();
  const overlay = useRef<HTMLCanvasElement>(null);
  const pointers = useRef(new Map<number, { x: number; y: number }>());
  const drag = useRef<{ moved: boolean; x: number; y: number } | null>(null);
  const [focused, setFocused] = useState(false);
  const rows = useBench((state) => state.frame?.grid.rows ?? 1);
  const columns = useBench((state) => state.frame?.grid.columns ?? 1);
  const zoomed = useBench((state) => state.viewport.zoom > 1);

  const repaint = usePaint((state) => {
    const { width, height, unit } = surface.current;
    const context = overlay.current?.getContext('2d');
    if (!context || width === 0) return;
    context.clearRect(0, 0, width, height);
    if (state.frame === null) return;
    const theme = canvasTheme();
    const placement = placeGrid(width, height, state.frame.grid, state.viewport);
    const ink = ground === 'picture' ? pictureCursor : { line: theme.ink, halo: theme.panel };
    paintCursor(context, placement, unit, ink, state);
  });
  const surface = useSurface(overlay, repaint);

  // React listens to wheels passively, and zooming must keep the page from zooming too.
  useEffect(() => {
    const canvas = overlay.current;
    if (!canvas) return;
    const zoom = (event: WheelEvent) => {
      if (!event.ctrlKey && !event.metaKey) return;
      event.preventDefault();
      const bounds = canvas.getBoundingClientRect();
      const { viewport, actions } = store.getState();
      // A notch of a wheel reports far more than a pinch on a trackpad, in pixels or in lines.
      const lines = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? 16 : 1;
      const factor = Math.exp(-Math.min(Math.max(event.deltaY * lines, -WHEEL_LIMIT), WHEEL_LIMIT) / 100);
      actions.setViewport(
        zoomAt(
          viewport,
          factor,
          (event.clientX - bounds.left) / bounds.width,
          (event.clientY - bounds.top) / bounds.height,
          MAXIMUM_ZOOM,
        ),
      );
    };
    canvas.addEventListener('wheel', zoom, { passive: false });
    return () => canvas.removeEventListener('wheel', zoom);
  }, [store]);

  const share = (event: PointerEvent): { x: number; y: number } => {
    const bounds = event.currentTarget.getBoundingClientRect();
    return { x: (event.clientX - bounds.left) / bounds.width, y: (event.clientY - bounds.top) / bounds.height };
  };

  const stepUnder = (event: PointerEvent): number | null => {
    const { frame, viewport } = store.getState();
    const { width, height } = surface.current;
    if (frame === null || width === 0) return null;
    const { x, y } = share(event);
    return stepAt(placeGrid(width, height, frame.grid, viewport), x * width, y * height);
  };

  const onPointerDown = (event: PointerEvent<HTMLCanvasElement>) => {
    if (event.button !== 0) return;
    pointers.current.set(event.pointerId, share(event));
    drag.current = { moved: pointers.current.size > 1, x: event.clientX, y: event.clientY };
    event.currentTarget.setPointerCapture(event.pointerId);
  };

  const onPointerMove = (event: PointerEvent<HTMLCanvasElement>) => {
    const { viewport, actions } = store.getState();
    const before = pointers.current.get(event.pointerId);
    if (!before) {
      actions.hover(stepUnder(event));
      return;
    }
    const now = share(event);
    pointers.current.set(event.pointerId, now);
    const other = [...pointers.current].find(([id]) => id !== event.pointerId)?.[1];
    if (other) {
      const spread = (point: { x: number; y: number }) => Math.hypot(point.x - other.x, point.y - other.y);
      const factor = spread(now) / Math.max(spread(before), 1e-3);
      actions.setViewport(zoomAt(viewport, factor, (now.x + other.x) / 2, (now.y + other.y) / 2, MAXIMUM_ZOOM));
      return;
    }
    const started = drag.current;
    if (!started) return;
    if (!started.moved && Math.hypot(event.clientX - started.x, event.clientY - started.y) < DRAG_THRESHOLD) return;
    started.moved = true;
    if (viewport.zoom > 1) actions.setViewport(panBy(viewport, now.x - before.x, now.y - before.y));
  };

  const onPointerUp = (event: PointerEvent<HTMLCanvasElement>) => {
    const known = pointers.current.delete(event.pointerId);
    const moved = drag.current?.moved ?? true;
    if (pointers.current.size === 0) drag.current = null;
    if (!known || moved || event.type === 'pointercancel') return;
    const { lockedStep, actions } = store.getState();
    const step = stepUnder(event);
    actions.lock(step === lockedStep ? null : step);
  };

  const onKeyDown = (event: KeyboardEvent) => {
    const state = store.getState();
    const { frame, viewport, lockedStep, actions } = state;
    if (frame === null || event.altKey) return;
    const { rows: height, columns: width } = frame.grid;
    const at = activeStep(state) ?? cursorStart(state);
    const jump = event.ctrlKey || event.metaKey;
    switch (event.key) {
      case 'ArrowLeft':
        actions.move(0, -1);
        break;
      case 'ArrowRight':
        actions.move(0, 1);
        break;
      case 'ArrowUp':
        actions.move(-1, 0);
        break;
      case 'ArrowDown':
        actions.move(1, 0);
        break;
      case 'Home':
        actions.point(jump ? 0 : at - (at % width));
        break;
      case 'End':
        actions.point(jump ? height * width - 1 : at - (at % width) + width - 1);
        break;
      case 'Enter':
      case ' ':
        actions.lock(lockedStep === null ? at : null);
        break;
      case 'Escape':
        actions.lock(null);
        actions.hover(null);
        break;
      case '+':
      case '=':
        if (jump) return;
        actions.setViewport(zoomAt(viewport, KEY_ZOOM, 0.5, 0.5, MAXIMUM_ZOOM));
        break;
      case '-':
        if (jump) return;
        actions.setViewport(zoomAt(viewport, 1 / KEY_ZOOM, 0.5, 0.5, MAXIMUM_ZOOM));
        break;
      case '0':
        if (jump) return;
        actions.setViewport({ zoom: 1, x: 0.5, y: 0.5 });
        break;
      default:
        return;
    }
    event.preventDefault();
    event.stopPropagation();
  };

  return (
    <div
      role="application"
      aria-roledescription="token grid"
      aria-label={label}
      aria-describedby={descriptionId}
      tabIndex={0}
      onKeyDown={onKeyDown}
      onFocus={() => setFocused(true)}
      onBlur={() => setFocused(false)}
      style={{ aspectRatio: `${columns} / ${rows}` }}
      className={clsx('relative w-full bg-panel outline-none', className)}
    >
      <PaintedCanvas painter={painter} />
      {children}
      <canvas
        ref={overlay}
        aria-hidden
        onPointerDown={onPointerDown}
        onPointerMove={onPointerMove}
        onPointerUp={onPointerUp}
        onPointerCancel={onPointerUp}
        onPointerLeave={() => store.getState().actions.hover(null)}
        onDoubleClick={() => store.getState().actions.setViewport({ zoom: 1, x: 0.5, y: 0.5 })}
        className={clsx(
          'absolute inset-0 size-full select-none',
          zoomed ? 'cursor-move touch-none' : 'cursor-crosshair touch-pan-y',
        )}
      />
      {/* An outline on the element itself would lie below the canvases. */}
      {focused && (
        <span
          aria-hidden
          className="pointer-events-none absolute inset-0 border-2 border-ink opacity-0 [:focus-visible>&]:opacity-100"
        />
      )}
      <CellDescription id={descriptionId} live={focused} describe={describe} />
    </div>
  );
}

/** Speaks the active cell while its grid has the focus. Apart, so that a moving cursor renders only this. */
function CellDescription({
  id,
  live,
  describe,
}: {
  readonly id: string;
  readonly live: boolean;
  readonly describe: TokenGridProps['describe'];
}) {
  const text = useBench((state) => {
    const step = activeStep(state);
    return live && step !== null ? describe(state, step) : 'Arrow keys choose a cell, Enter locks it, Escape frees it.';
  });
  return (
    <span id={id} aria-live={live ? 'polite' : 'off'} className="sr-only">
      {text}
    </span>
  );
}
