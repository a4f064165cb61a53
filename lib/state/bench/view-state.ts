import type { BenchStore } from './bench-types';
import { type BenchState, type DifferenceView, sideOf, differenceViews, type ViewSide } from './bench-types';

/** How the comparison is looked at: what a link needs to point at a cell of it. */
export interface ViewState {
  readonly view: DifferenceView;
  /** Whose numbers the view shows; null for those that it shows by itself. */
  readonly side: ViewSide | null;
  /** The locked cell, by its step. */
  readonly cell: number | null;
  /** Steps shown; null for all, and while the playhead moves by itself. */
  readonly step: number | null;
}

export const viewStateOf = (state: BenchState): ViewState => {
  const { view, lockedStep, revealed, drawn, replaying, status } = state;
  const side = sideOf(state, view);
  const rests = !replaying && status !== 'drawing' && status !== 'paused';
  return {
    view,
    side: side === differenceViews[view][0] ? null : side,
    cell: lockedStep,
    step: rests && revealed < drawn ? revealed : null,
  };
};

/** Chooses the view; it needs no comparison. */
export const setShownView = (bench: BenchStore, { view, side }: ViewState): void => {
  const { actions } = bench.getState();
  actions.setView(view);
  if (side !== null) actions.setSide(view, side);
};

/** Points at the cell and the step in the comparison on screen; what it does not have is ignored. */
export const pointAt = (bench: BenchStore, { cell, step }: ViewState): void => {
  const { actions } = bench.getState();
  if (cell !== null) actions.lock(cell);
  if (step !== null) actions.reveal(step);
};
