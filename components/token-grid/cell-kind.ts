import { cellKind, type CellKind } from '@/lib/measures';
import type { Frame } from '@/lib/state/bench';
import type { Codebook } from './codebook';

export type { CellKind };

/** How the two sides relate at one step of what is on screen. */
export const cellKindAt = ({ tokens, trace }: Frame, step: number, codebook: Codebook | null): CellKind =>
  cellKind(tokens.a[step] ?? -1, tokens.b[step] ?? -1, trace.divergenceBits?.[step], codebook?.vectors ?? null);

export const cellKindNames: Readonly<Record<CellKind, string>> = {
  same: 'same token',
  distribution: 'same token, other distribution',
  near: 'different tokens, near codes',
  different: 'different tokens',
};
