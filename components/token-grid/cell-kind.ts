import type { Frame } from '@/lib/state/bench-types';
import type { Codebook } from './codebook';

/**
 * How the two sides relate at one step: `same` token and distribution, same token from `other`
 * distribution, a different token that looks `near`ly the same, or a `different` one.
 */
export type CellKind = 'same' | 'other' | 'near' | 'different';

/** Side divergence from which the distributions behind one and the same token count as different, bits. */
export const OTHER_DISTRIBUTION_BITS = 0.05;

export const cellKind = (frame: Frame, step: number, codebook: Codebook | null): CellKind => {
  const a = frame.tokens.a[step] ?? -1;
  const b = frame.tokens.b[step] ?? -1;
  if (a !== b) return codebook?.isNear(a, b) === true ? 'near' : 'different';
  return (frame.trace.divergenceBits?.[step] ?? 0) >= OTHER_DISTRIBUTION_BITS ? 'other' : 'same';
};

export const cellKindNames: Readonly<Record<CellKind, string>> = {
  same: 'same token',
  other: 'same token, other distribution',
  near: 'different tokens that look nearly the same',
  different: 'different tokens',
};
