import type { SamplingSettings } from '@/lib/domain';

/** Sampling settings on one line; those that are off are left out. */
export const settingsWords = ({
  seed,
  coupling,
  guidanceWeight,
  temperature,
  topK,
  topP,
  plausibility,
  greedy,
}: SamplingSettings): string =>
  [
    `seed ${seed}`,
    coupling,
    `guidance ${guidanceWeight}`,
    greedy ? 'greedy' : `temperature ${temperature}`,
    !greedy && topK !== 0 ? `top-k ${topK}` : '',
    !greedy && topP !== 1 ? `top-p ${topP}` : '',
    plausibility !== 0 ? `plausibility ${plausibility}` : '',
  ]
    .filter(Boolean)
    .join(' · ');
