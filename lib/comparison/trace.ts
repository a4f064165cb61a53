import type { ByMember } from './trace-members';

/**
 * The per-step numbers of a comparison, `entries` array elements a step. A member is absent when its numbers are
 * not known (a link carries only the cross quantities). `precision` says how the cross quantities were
 * stored.
 */
export interface Trace extends Readonly<Partial<ByMember<Int32Array, Float32Array>>> {
  /** Steps filled so far, from 0. */
  readonly length: number;
  readonly precision: 'exact' | 'rounded';
}
