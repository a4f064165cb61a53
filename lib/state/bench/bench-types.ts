import type { StoreApi } from 'zustand/vanilla';
import type { Comparison, Trace } from '@/lib/comparison';
import type { DecodedImage, Grid, Pair, SamplingSettings } from '@/lib/domain';

/** Where the comparison on screen comes from. */
export type Origin = 'recorded' | 'live' | 'opened';

/**
 * The comparison on screen. The object is replaced when another comparison takes its place; while a draw
 * runs, its typed arrays (full length from the start, -1 for a token not yet drawn) are filled in place and
 * `drawn` in BenchState grows. Canvases read the arrays directly on animation frames.
 */
export interface Frame {
  readonly key: string;
  readonly origin: Origin;
  readonly prompts: Pair<string>;
  readonly settings: SamplingSettings;
  readonly model: Comparison['model'];
  readonly provenance: Comparison['provenance'];
  readonly grid: Grid;
  readonly codes: number;
  readonly tokens: Pair<Int32Array>;
  readonly trace: Trace;
}

/** The views of the difference panel, and whose numbers each can show: the first, unless another is chosen. */
export const differenceViews = {
  cross: ['larger', 'a', 'b'],
  tokens: [],
  divergence: ['promptA', 'promptB', 'side'],
  pixels: [],
  judge: [],
} as const;

export type DifferenceView = keyof typeof differenceViews;

/** The view that the bench begins with. */
export const FIRST_VIEW: DifferenceView = 'cross';

/** Whose numbers a view shows; `never` of a view that has nothing to choose. */
export type ViewSide<V extends DifferenceView = DifferenceView> = (typeof differenceViews)[V][number];

export type RunStatus = 'idle' | 'loading' | 'drawing' | 'paused' | 'stopped' | 'done' | 'failed';

export interface BenchState {
  readonly frame: Frame | null;
  /** Steps that have arrived. */
  readonly drawn: number;
  /** Steps shown: the playhead, 0 ... drawn. */
  readonly revealed: number;
  readonly replaying: boolean;
  readonly replaySpeed: 1 | 4 | 'max';
  readonly status: RunStatus;
  /** Pictures, and how many steps each was decoded from (previews while drawing). */
  readonly images: Pair<DecodedImage | null>;
  readonly imagesFrom: number;
  /** Time that drawing took so far, pauses excluded, ms; null when it is not known (a link does not carry it). */
  readonly elapsedMs: number | null;
  readonly hoveredStep: number | null;
  readonly lockedStep: number | null;
  /** Whether the locked cell's numbers show in place of the map. */
  readonly showsCell: boolean;
  /** Whether differing and deciding cells are marked on the pictures. */
  readonly showsMarks: boolean;
  /** How the two pictures are compared: beside each other, or B over A, wiped away up to a line. */
  readonly comparing: 'beside' | 'wipe';
  /** Where the wipe's line stands: A left of it, B right of it; a share of the width, 0 ... 1. */
  readonly wipeLine: number;
  /** Whether B's picture lies in A's place for a moment. */
  readonly blinks: boolean;
  readonly view: DifferenceView;
  /** Of each view, what was chosen in it; absent while nothing was. */
  readonly sides: { readonly [V in DifferenceView]?: ViewSide<V> };
  /** Shared zoom and pan of all grids: 1 shows the whole grid; centre in grid units 0..1. */
  readonly viewport: { readonly zoom: number; readonly x: number; readonly y: number };
}

export const hasSide = (view: DifferenceView, side: ViewSide): boolean =>
  (differenceViews[view] as readonly ViewSide[]).includes(side);

/** Whose numbers a view shows now; null of a view that has nothing to choose. */
export const sideOf = ({ sides }: Pick<BenchState, 'sides'>, view: DifferenceView): ViewSide | null =>
  sides[view] ?? differenceViews[view][0] ?? null;

/** The cell that the inspector shows. */
export const activeStep = (state: Pick<BenchState, 'hoveredStep' | 'lockedStep'>): number | null =>
  state.lockedStep ?? state.hoveredStep;

/** Actions that grids, chart and transport call. */
export interface BenchActions {
  readonly hover: (step: number | null) => void;
  readonly lock: (step: number | null) => void;
  /** Keys: takes the cursor to a step. A locked cell moves; without one the cell is only pointed at. */
  readonly point: (step: number) => void;
  /** Arrow keys: moves the cursor, which begins at the first deciding cell, or else at the last one shown. */
  readonly move: (rows: number, columns: number) => void;
  readonly reveal: (steps: number) => void;
  readonly replay: () => void;
  readonly stopReplay: () => void;
  readonly setReplaySpeed: (speed: BenchState['replaySpeed']) => void;
  readonly toggleMarks: () => void;
  readonly setComparing: (comparing: BenchState['comparing']) => void;
  readonly setWipeLine: (share: number) => void;
  readonly setBlinks: (blinks: boolean) => void;
  /** Shows the map again, where a locked cell was shown in its place. */
  readonly setView: (view: DifferenceView) => void;
  readonly showCell: () => void;
  /** Chooses whose numbers a view shows; what the view does not have is ignored. */
  readonly setSide: (view: DifferenceView, side: ViewSide) => void;
  readonly setViewport: (viewport: BenchState['viewport']) => void;
}

export type BenchStoreState = BenchState & { readonly actions: BenchActions };

export type BenchStore = StoreApi<BenchStoreState>;
