import type { SamplingSettings } from '@/lib/domain';

/** The settings as the graphs take them. */
export interface SamplerInputs {
  readonly guidance: number;
  readonly temperature: number;
  /** K where off. */
  readonly topK: number;
  readonly topP: number;
  /** ln of the plausibility mask; -Infinity where off. */
  readonly plausibilityLog: number;
}

/** Greedy is temperature 1 without truncation (and, elsewhere, without noise); the plausibility mask stays. */
export function samplerInputs(settings: SamplingSettings, codes: number): SamplerInputs {
  const { guidanceWeight, temperature, topK, topP, plausibility, greedy } = settings;
  return {
    guidance: guidanceWeight,
    temperature: greedy ? 1 : temperature,
    topK: greedy || topK === 0 ? codes : topK,
    topP: greedy ? 1 : topP,
    plausibilityLog: Math.log(plausibility),
  };
}
