import { expect, test } from 'vitest';
import { SETTINGS } from '../testing/tiny';
import { samplerInputs } from './sampler-inputs';

test('off means all codes and no mask; greedy keeps the mask alone', () => {
  expect(samplerInputs({ ...SETTINGS, plausibility: 0 }, 64)).toMatchObject({
    topK: 64,
    topP: 1,
    plausibilityLog: -Infinity,
  });
  expect(samplerInputs({ ...SETTINGS, greedy: true, temperature: 3, topK: 5, topP: 0.5 }, 64)).toEqual({
    guidance: 3,
    temperature: 1,
    topK: 64,
    topP: 1,
    plausibilityLog: Math.log(0.1),
  });
});
