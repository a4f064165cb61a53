import type { Pair, SamplingSettings, Side } from '@/lib/domain';

/** One row of the decoder's batch: which prompt it reads (null: none, the unconditional prefix) and whose tokens it takes. */
export interface Lane {
  readonly prompt: Side | null;
  readonly history: Side;
}

/** The rows of a batch, and the roles that the sampler gives them. Row indices. */
export interface LanePlan {
  readonly lanes: readonly Lane[];
  readonly conditional: Pair<number>;
  /** The conditional lane itself in a plan without guidance, where nothing depends on it. */
  readonly unconditional: Pair<number>;
  /** "Own history, other prompt"; the conditional lane itself in a plan without cross lanes. */
  readonly cross: Pair<number>;
  readonly hasCrossLanes: boolean;
}

const GUIDED: readonly Lane[] = [
  { prompt: 'a', history: 'a' },
  { prompt: null, history: 'a' },
  { prompt: 'b', history: 'b' },
  { prompt: null, history: 'b' },
];
const UNGUIDED = GUIDED.filter(({ prompt }) => prompt !== null);
const CROSS: readonly Lane[] = [
  { prompt: 'b', history: 'a' },
  { prompt: 'a', history: 'b' },
];

/** The lanes of a drawing: at guidance weight 1 the unconditional ones have no part in what is drawn, and are left out. */
export function lanePlan({ guidanceWeight }: Pick<SamplingSettings, 'guidanceWeight'>, crossLanes: boolean): LanePlan {
  const guided = guidanceWeight !== 1;
  const drawing = guided ? GUIDED : UNGUIDED;
  const conditional = guided ? { a: 0, b: 2 } : { a: 0, b: 1 };
  return {
    lanes: crossLanes ? [...drawing, ...CROSS] : drawing,
    conditional,
    unconditional: guided ? { a: 1, b: 3 } : conditional,
    cross: crossLanes ? { a: drawing.length, b: drawing.length + 1 } : conditional,
    hasCrossLanes: crossLanes,
  };
}

/** As many lanes as a drawing ever takes. */
export const FULL_PLAN = lanePlan({ guidanceWeight: 2 }, true);
