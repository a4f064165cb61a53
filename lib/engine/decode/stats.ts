import { type SideStep, type StepEvent, TOP_COUNT } from '@/lib/domain';

/** Numbers that the graphs report for one side of one step; the order is part of the model layout. */
export const STATS_PER_SIDE = 9 + 2 * TOP_COUNT;
export const STATS_PER_STEP = 2 * STATS_PER_SIDE;

/** Larger than any gap between two tokens that are both left: the graphs report some 1e30 where only one was. */
const NO_OTHER_TOKEN = 1e20;

function sideStep(stats: Float32Array, offset: number, hasCrossLanes: boolean): SideStep {
  const at = (index: number) => stats[offset + index] as number;
  const top = offset + 9;
  return {
    token: at(0),
    choice: at(1),
    margin: at(2) > NO_OTHER_TOKEN ? Infinity : at(2),
    probability: at(3),
    rank: at(4),
    entropyBits: at(5),
    topTokens: Int32Array.from(stats.subarray(top, top + TOP_COUNT)),
    topProbabilities: stats.slice(top + TOP_COUNT, top + 2 * TOP_COUNT),
    promptDivergenceBits: hasCrossLanes ? at(7) : NaN,
    crossScoreBits: hasCrossLanes ? at(8) : NaN,
  };
}

/** Consecutive steps as the graphs report them: float32 [steps, 2, STATS_PER_SIDE]. */
export interface RawSteps {
  readonly firstStep: number;
  readonly stats: Float32Array<ArrayBuffer>;
  readonly hasCrossLanes: boolean;
}

/** What `raw` says of `firstStep` and later steps; null where that is nothing. */
export function stepsFrom(raw: RawSteps, firstStep: number): RawSteps | null {
  if (raw.firstStep >= firstStep) return raw;
  const stats = raw.stats.slice((firstStep - raw.firstStep) * STATS_PER_STEP);
  return stats.length === 0 ? null : { ...raw, firstStep, stats };
}

export function toStepEvents({ firstStep, stats, hasCrossLanes }: RawSteps): StepEvent[] {
  return Array.from({ length: stats.length / STATS_PER_STEP }, (_, i) => {
    const offset = i * STATS_PER_STEP;
    return {
      step: firstStep + i,
      sides: {
        a: sideStep(stats, offset, hasCrossLanes),
        b: sideStep(stats, offset + STATS_PER_SIDE, hasCrossLanes),
      },
      divergenceBits: stats[offset + 6] as number,
    };
  });
}
