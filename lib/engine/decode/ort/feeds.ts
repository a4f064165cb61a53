import type { Pair } from '@/lib/domain';
import { noiseOfSteps } from '../noise';
import type { SamplingPlan } from '../plan';
import { samplerInputs } from '../sampler-inputs';
import type { Feeds, Ort } from './types';

/** The sampler's inputs that stay the same through a drawing. */
export function constantFeeds(ort: Ort, plan: SamplingPlan, codes: number): Feeds {
  const { lanes, conditional, unconditional, cross } = plan.lanes;
  const sampler = samplerInputs(plan.settings, codes);
  const rows = ({ a, b }: Pair<number>) => new ort.Tensor('int64', BigInt64Array.of(BigInt(a), BigInt(b)), [2]);
  const float = (value: number) => new ort.Tensor('float32', Float32Array.of(value), [1]);
  return {
    cond_lane: rows(conditional),
    uncond_lane: rows(unconditional),
    cross_lane: rows(cross),
    lane_side: new ort.Tensor(
      'int64',
      BigInt64Array.from(lanes, ({ history }) => (history === 'a' ? 0n : 1n)),
      [lanes.length],
    ),
    guidance: float(sampler.guidance),
    temperature: float(sampler.temperature),
    top_p: float(sampler.topP),
    plausibility_log: float(sampler.plausibilityLog),
    top_k: new ort.Tensor('int64', BigInt64Array.of(BigInt(sampler.topK)), [1]),
  };
}

/** The inputs that belong to a run of steps: noise float32 [steps, 2, codes] and forced int64 [steps, 2]. */
export function stepInputs(
  plan: SamplingPlan,
  codes: number,
  firstStep: number,
  steps: number,
): { readonly noise: Float32Array; readonly forced: BigInt64Array } {
  const forced = new BigInt64Array(2 * steps).fill(-1n);
  for (let i = 0; i < steps; i++) {
    forced[2 * i] = BigInt(plan.forced?.a[firstStep + i] ?? -1);
    forced[2 * i + 1] = BigInt(plan.forced?.b[firstStep + i] ?? -1);
  }
  return { noise: noiseOfSteps(plan.settings, firstStep, steps, codes), forced };
}
