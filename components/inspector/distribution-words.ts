import type { SamplingSettings } from '@/lib/domain';

/** All that stands between what the model says and the distribution that a token was drawn from; what is off is left out. */
export const distributionWords = ({
  guidanceWeight,
  temperature,
  topK,
  topP,
  plausibility,
  greedy,
}: SamplingSettings): string => {
  const steps = [
    guidanceWeight !== 1 && `guidance ${guidanceWeight}`,
    !greedy && `temperature ${temperature}`,
    plausibility !== 0 && `plausibility ${plausibility}`,
    !greedy && topK !== 0 && `top-k ${topK}`,
    !greedy && topP !== 1 && `top-p ${topP}`,
  ].filter((step) => step !== false);
  const last = steps.pop();
  if (last === undefined) return 'as the model says';
  return `after ${steps.length === 0 ? last : `${steps.join(', ')} and ${last}`}`;
};
