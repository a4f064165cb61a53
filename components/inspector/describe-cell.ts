import { cellKindAt, cellKindNames } from '@/components/token-grid/cell-kind';
import type { Codebook } from '@/components/token-grid/codebook';
import type { BenchState } from '@/lib/state/bench';
import { formatNumber, formatProbability, formatSigned } from './format';

/** One cell in words, for those who do not see the grids. */
export const describeCell =
  (codebook: Codebook | null) =>
  (state: BenchState, step: number): string => {
    const { frame, drawn, lockedStep } = state;
    if (frame === null) return 'No comparison yet.';
    const row = Math.floor(step / frame.grid.columns);
    const column = step % frame.grid.columns;
    const place = `Row ${row}, column ${column}, step ${step}${lockedStep === step ? ', locked' : ''}`;
    if (step >= drawn) return `${place}: not drawn yet.`;
    const { tokens, trace } = frame;
    const parts = (['a', 'b'] as const).map((side) => {
      const probability = trace.probability?.[side][step];
      const score = trace.crossScoreBits?.[side][step];
      return [
        `${side.toUpperCase()} token ${tokens[side][step] ?? ''}`,
        ...(probability === undefined ? [] : [`probability ${formatProbability(probability)}`]),
        ...(score === undefined || Number.isNaN(score) ? [] : [`cross score ${formatSigned(score, 1)} bits`]),
      ].join(', ');
    });
    const divergence = trace.divergenceBits?.[step];
    const tail = divergence === undefined ? '' : ` Side divergence ${formatNumber(divergence, 2)} bits.`;
    return `${place}: ${cellKindNames[cellKindAt(frame, step, codebook)]}. ${parts.join('; ')}.${tail}`;
  };
