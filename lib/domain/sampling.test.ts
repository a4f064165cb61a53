import { describe, expect, test } from 'vitest';
import { checkSettings, type SamplingSettings } from './sampling';

const SETTINGS: SamplingSettings = {
  seed: 1,
  coupling: 'coupled',
  guidanceWeight: 3,
  temperature: 1,
  topK: 0,
  topP: 1,
  plausibility: 0.1,
  greedy: false,
};

describe('settings', () => {
  test('within their ranges have no problems', () => {
    expect(checkSettings(SETTINGS, 64)).toEqual({});
    expect(
      checkSettings(
        { ...SETTINGS, seed: 0xffffffff, guidanceWeight: 30, temperature: 0.05, topK: 64, topP: 1e-6, plausibility: 1 },
        64,
      ),
    ).toEqual({});
  });

  test.each([
    ['seed', [-1, 1.5, 2 ** 32, NaN]],
    ['guidanceWeight', [-0.1, 31, Infinity]],
    ['temperature', [0, 5.1, NaN]],
    ['topK', [-1, 65, 2.5]],
    ['topP', [0, 1.01, -1]],
    ['plausibility', [-0.01, 1.01]],
  ] as const)('%s out of its range has a sentence', (key, values) => {
    for (const value of values) {
      const problems = checkSettings({ ...SETTINGS, [key]: value }, 64);
      expect(Object.keys(problems)).toEqual([key]);
      expect(problems[key]).toMatch(/^[A-Z].* must be a .*\.$/);
    }
  });
});
