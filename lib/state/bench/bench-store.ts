import { createStore } from 'zustand/vanilla';
import { drawnSteps } from '@/lib/comparison';
import {
  type BenchActions,
  type BenchState,
  type BenchStore,
  type BenchStoreState,
  FIRST_VIEW,
  type Frame,
  hasSide,
} from './bench-types';
import { cursorStart } from './finding';

const emptyState: BenchState = {
  frame: null,
  drawn: 0,
  revealed: 0,
  replaying: false,
  replaySpeed: 1,
  status: 'idle',
  images: { a: null, b: null },
  imagesFrom: 0,
  elapsedMs: null,
  hoveredStep: null,
  lockedStep: null,
  showsCell: false,
  showsMarks: true,
  comparing: 'beside',
  wipeLine: 0.5,
  blinks: false,
  view: FIRST_VIEW,
  sides: {},
  viewport: { zoom: 1, x: 0.5, y: 0.5 },
};

/** A whole comparison, all of it shown. */
const finished = (frame: Frame): BenchState => {
  const steps = drawnSteps(frame.tokens);
  return { ...emptyState, frame, drawn: steps, revealed: steps, status: 'done' };
};

const MAXIMUM_ZOOM = 12;

const clamp = (value: number, low: number, high: number): number => Math.min(Math.max(value, low), high);

/** Keeps the shown part inside the picture. */
export const clampViewport = ({ zoom, x, y }: BenchState['viewport']): BenchState['viewport'] => {
  const z = clamp(Number.isFinite(zoom) ? zoom : 1, 1, MAXIMUM_ZOOM);
  const half = 0.5 / z;
  return { zoom: z, x: clamp(x, half, 1 - half), y: clamp(y, half, 1 - half) };
};

/**
 * What is on screen: the comparison, playhead, cursor and view, beginning with `first` or with nothing. Pure state; whoever draws writes frame,
 * drawn, images and status with `setState`, and `startPlayhead` moves `revealed` on animation frames.
 */
export const createBenchStore = (first: Frame | null = null): BenchStore =>
  createStore<BenchStoreState>()((set, get) => {
    const inGrid = (step: number | null): number | null => {
      const { frame } = get();
      if (frame === null || step === null || !Number.isInteger(step)) return null;
      return step >= 0 && step < frame.grid.rows * frame.grid.columns ? step : null;
    };
    /** A first locked cell shows its numbers; whoever looks at the map meanwhile keeps it. */
    const lockAt = (step: number | null): void =>
      set(({ lockedStep, showsCell }) => ({
        lockedStep: step,
        showsCell: step !== null && (lockedStep === null || showsCell),
      }));
    const actions: BenchActions = {
      hover(step) {
        const hoveredStep = inGrid(step);
        if (hoveredStep !== get().hoveredStep) set({ hoveredStep });
      },
      lock(step) {
        lockAt(inGrid(step));
      },
      point(step) {
        const { frame, lockedStep } = get();
        if (frame === null) return;
        const inside = clamp(step, 0, frame.grid.rows * frame.grid.columns - 1);
        if (lockedStep === null) set({ hoveredStep: inside });
        else lockAt(inside);
      },
      move(rows, columns) {
        const { frame, lockedStep, hoveredStep } = get();
        if (frame === null) return;
        const from = lockedStep ?? hoveredStep;
        if (from === null) return actions.point(cursorStart(get()));
        const row = clamp(Math.floor(from / frame.grid.columns) + rows, 0, frame.grid.rows - 1);
        const column = clamp((from % frame.grid.columns) + columns, 0, frame.grid.columns - 1);
        actions.point(row * frame.grid.columns + column);
      },
      reveal(steps) {
        set({ revealed: clamp(Math.round(steps), 0, get().drawn), replaying: false });
      },
      replay() {
        const { revealed, drawn, frame } = get();
        if (frame === null || drawn === 0) return;
        set({ replaying: true, revealed: revealed >= drawn ? 0 : revealed });
      },
      stopReplay() {
        set({ replaying: false });
      },
      setReplaySpeed(replaySpeed) {
        set({ replaySpeed });
      },
      showCell() {
        set(({ lockedStep }) => ({ showsCell: lockedStep !== null }));
      },
      toggleMarks() {
        set(({ showsMarks }) => ({ showsMarks: !showsMarks }));
      },
      setComparing(comparing) {
        set({ comparing });
      },
      setWipeLine(share) {
        set({ wipeLine: clamp(share, 0, 1) });
      },
      setBlinks(blinks) {
        if (blinks !== get().blinks) set({ blinks });
      },
      setView(view) {
        set({ view, showsCell: false });
      },
      setSide(view, side) {
        if (hasSide(view, side)) set(({ sides }) => ({ sides: { ...sides, [view]: side } }));
      },
      setViewport(viewport) {
        set({ viewport: clampViewport(viewport) });
      },
    };
    return { ...(first === null ? emptyState : finished(first)), actions };
  });
