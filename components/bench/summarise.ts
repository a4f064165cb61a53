import type { Pair } from '@/lib/engine';
import type { Frame } from '@/lib/state/bench-types';

export interface Figures {
  readonly different: number;
  readonly firstSplit: number | null;
  readonly crossScoreBits: Pair<number> | null;
  readonly carriedShare: number | null;
}

export const summarise = (frame: Frame, drawn: number, carriers: number): Figures => {
  let different = 0;
  let firstSplit: number | null = null;
  for (let step = 0; step < drawn; step += 1) {
    if (frame.tokens.a[step] === frame.tokens.b[step]) continue;
    different += 1;
    firstSplit ??= step;
  }
  const scores = frame.trace.crossScoreBits;
  if (!scores) return { different, firstSplit, crossScoreBits: null, carriedShare: null };
  const sum = (values: Float32Array) => values.subarray(0, drawn).reduce((total, value) => total + value, 0);
  const sizes = Array.from({ length: drawn }, (_, step) => Math.abs(scores.a[step] ?? 0) + Math.abs(scores.b[step] ?? 0));
  const total = sizes.reduce((all, size) => all + size, 0);
  const carried = sizes.sort((x, y) => y - x).slice(0, carriers).reduce((all, size) => all + size, 0);
  return { different, firstSplit, crossScoreBits: { a: sum(scores.a), b: sum(scores.b) }, carriedShare: total > 0 ? carried / total : null };
};
