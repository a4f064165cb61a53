import type { Frame, ViewSide } from '@/lib/state/bench';

/** Whose cross score a map shows; `larger` takes at each cell the one farther from zero. */
export type CrossChoice = ViewSide<'cross'>;

/** Which divergence a map shows: the prompts' along one side's history, or the sides' own. */
export type DivergenceChoice = ViewSide<'divergence'>;

/** Bits at one step; NaN where the number is not known. */
export type CellValue = (frame: Frame, step: number) => number;

export const crossValue =
  (choice: CrossChoice): CellValue =>
  ({ trace }, step) => {
    const a = trace.crossScoreBits?.a[step] ?? Number.NaN;
    const b = trace.crossScoreBits?.b[step] ?? Number.NaN;
    if (choice !== 'larger') return choice === 'a' ? a : b;
    return Number.isNaN(b) || Math.abs(a) > Math.abs(b) ? a : b;
  };

export const divergenceValue =
  (choice: DivergenceChoice): CellValue =>
  ({ trace }, step) => {
    switch (choice) {
      case 'side':
        return trace.divergenceBits?.[step] ?? Number.NaN;
      case 'promptA':
        return trace.promptDivergenceBits?.a[step] ?? Number.NaN;
      case 'promptB':
        return trace.promptDivergenceBits?.b[step] ?? Number.NaN;
    }
  };

/** Largest magnitude over the steps drawn so far, at least `floor`: full colour stands for this. */
export const valueScale = (value: CellValue, frame: Frame, drawn: number, floor: number): number => {
  let scale = floor;
  for (let step = 0; step < drawn; step += 1) {
    const magnitude = Math.abs(value(frame, step));
    if (magnitude > scale) scale = magnitude;
  }
  return scale;
};

/** Cross scores below this much at full colour would make noise look like a finding, bits. */
export const CROSS_SCALE_FLOOR = 1;
/** Both divergences end at one bit. */
export const DIVERGENCE_SCALE = 1;
