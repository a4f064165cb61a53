import { expect, test } from 'vitest';
import { NEUTRAL_SETTINGS } from '@/lib/domain';
import { distributionWords } from './distribution-words';

const plain = {
  ...NEUTRAL_SETTINGS,
  guidanceWeight: 1,
  temperature: 1,
  topK: 0,
  topP: 1,
  plausibility: 0,
  greedy: false,
};

test.each([
  [{}, 'after temperature 1'],
  [{ plausibility: 0.005 }, 'after temperature 1 and plausibility 0.005'],
  [
    { guidanceWeight: 5, temperature: 0.7, plausibility: 0.05, topK: 50, topP: 0.9 },
    'after guidance 5, temperature 0.7, plausibility 0.05, top-k 50 and top-p 0.9',
  ],
  [{ greedy: true, topK: 50, topP: 0.9 }, 'as the model says'],
  [{ greedy: true, guidanceWeight: 5, plausibility: 0.05 }, 'after guidance 5 and plausibility 0.05'],
])('%j: %s', (changes, words) => {
  expect(distributionWords({ ...plain, ...changes })).toBe(words);
});
