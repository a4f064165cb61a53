import type { Pair, Side } from './types';

/** One row of the decoder's batch: which prompt it reads (null: none, the unconditional prefix) and whose tokens it takes. */
export interface Lane {
  readonly prompt: Side | null;
  readonly history: Side;
}

/** The rows of a batch, and the roles that the sampler gives them. Row indices. */
export interface LanePlan {
  readonly lanes: readonly Lane[];
  readonly conditional: Pair<number>;
  readonly unconditional: Pair<number>;
  /** "Own history, other prompt"; the conditional lane itself in a plan without cross lanes. */
  readonly cross: Pair<number>;
  readonly hasCrossLanes: boolean;
}

const DRAWING: readonly Lane[] = [
  { prompt: 'a', history: 'a' },
  { prompt: null, history: 'a' },
  { prompt: 'b', history: 'b' },
  { prompt: null, history: 'b' },
];
const CROSS: readonly Lane[] = [
  { prompt: 'b', history: 'a' },
  { prompt: 'a', history: 'b' },
];

/** Six lanes, or the four that drawing needs. */
export function lanePlan(crossLanes: boolean): LanePlan {
  const conditional = { a: 0, b: 2 };
  return {
    lanes: crossLanes ? [...DRAWING, ...CROSS] : DRAWING,
    conditional,
    unconditional: { a: 1, b: 3 },
    cross: crossLanes ? { a: 4, b: 5 } : conditional,
    hasCrossLanes: crossLanes,
  };
}
