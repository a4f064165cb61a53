import { differingSteps, type Finding, findingOf, findingSentence, findingWords } from '@/lib/measures';
import type { BenchStore } from './bench-types';
import type { BenchState, Frame } from './bench-types';

type Shown = Pick<BenchState, 'frame' | 'drawn' | 'status'>;

const known = new WeakMap<Frame, { readonly drawn: number; readonly finding: Finding }>();

/** What the steps drawn so far show; null while nothing is drawn. Computed once for each number of steps. */
export const findingSoFar = ({ frame, drawn }: Pick<BenchState, 'frame' | 'drawn'>): Finding | null => {
  if (frame === null || drawn === 0) return null;
  const before = known.get(frame);
  if (before?.drawn === drawn) return before.finding;
  const finding = findingOf(frame, drawn);
  known.set(frame, { drawn, finding });
  return finding;
};

/** What the comparison on screen shows; null while it is being drawn, since each step may change it. */
export const findingOnScreen = (state: Shown): Finding | null =>
  state.status === 'drawing' || state.status === 'loading' ? null : findingSoFar(state);

/** The finding for those who hear it; empty where there is none. */
export const findingSpoken = (state: Shown): string => {
  const finding = findingOnScreen(state);
  if (finding === null || state.frame === null) return '';
  return findingSentence(findingWords(finding, { grid: state.frame.grid, readsAlike: null, isCut: false }));
};

/** The cells that are named and framed. */
export const framedSteps = (state: Shown): readonly number[] => {
  const finding = findingOnScreen(state);
  return finding?.kind === 'decided' ? (finding.deciding?.steps ?? []) : [];
};

/** The cells worth a look: the deciding ones by weight, then every other whose tokens differ, in order. */
export const differencesToWalk = (state: Shown): readonly number[] => {
  const { frame, drawn } = state;
  const deciding = findingOnScreen(state)?.deciding?.steps ?? [];
  if (frame === null) return deciding;
  return [...new Set([...deciding, ...differingSteps(frame.tokens, drawn)])];
};

/** Where a cursor that was nowhere begins: the first deciding cell, or else the last cell shown. */
export const cursorStart = (state: Shown & Pick<BenchState, 'revealed'>): number =>
  framedSteps(state)[0] ?? Math.max(state.revealed - 1, 0);

/** Locks the next of the cells to walk, from the first on; after the last comes the first. */
export const lockNextDifference = (bench: BenchStore): void => {
  const state = bench.getState();
  const walk = differencesToWalk(state);
  const place = state.lockedStep === null ? -1 : walk.indexOf(state.lockedStep);
  const next = walk[(place + 1) % walk.length];
  if (next !== undefined) state.actions.lock(next);
};
