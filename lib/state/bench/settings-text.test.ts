import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { SamplingSettings } from '@/lib/domain';
import { draftOf, parseDraft, sameSettings, stepSetting } from './settings-text';

const defaults: SamplingSettings = {
  seed: 7,
  coupling: 'coupled',
  guidanceWeight: 3,
  temperature: 1,
  topK: 0,
  topP: 1,
  plausibility: 0.05,
  greedy: false,
};

describe('settings as text', () => {
  it('gives the same settings back', () => {
    fc.assert(
      fc.property(
        fc.record({
          seed: fc.integer({ min: 0, max: 0xffff_ffff }),
          coupling: fc.constantFrom('coupled' as const, 'independent' as const),
          guidanceWeight: fc.float({ min: 0, max: 30, noNaN: true }),
          temperature: fc.float({ min: Math.fround(0.051), max: 5, noNaN: true }),
          topK: fc.integer({ min: 0, max: 65_535 }),
          topP: fc.float({ min: Math.fround(1e-6), max: 1, noNaN: true }),
          plausibility: fc.float({ min: 0, max: 1, noNaN: true }),
          greedy: fc.boolean(),
        }),
        (settings) => {
          const parsed = parseDraft(draftOf(settings)).settings;
          expect(parsed).not.toBeNull();
          expect(sameSettings(parsed ?? defaults, settings)).toBe(true);
        },
      ),
    );
  });

  it('says one sentence for each field that cannot be used and keeps the text', () => {
    const draft = draftOf(defaults);
    const bad = { ...draft, typed: { ...draft.typed, seed: '-1', temperature: '0', topP: 'most' } };
    const { settings, problems } = parseDraft(bad);
    expect(settings).toBeNull();
    expect(problems.seed).toBe('The seed must be a whole number from 0 to 4294967295.');
    expect(problems.temperature).toBe('Temperature must be a number from 0.05 to 5.');
    expect(problems.topP).toContain('or “all”');
    expect(problems.guidanceWeight).toBeUndefined();
  });

  it('reads a decimal comma and words', () => {
    const draft = draftOf(defaults);
    const { settings } = parseDraft({
      ...draft,
      typed: { ...draft.typed, guidanceWeight: '2,5', topK: 'all', plausibility: 'off' },
    });
    expect(settings).toMatchObject({ guidanceWeight: 2.5, topK: 0, plausibility: 0 });
  });

  it('steps within the range and leaves unusable text alone', () => {
    expect(stepSetting('temperature', '1', 1)).toBe('1.1');
    expect(stepSetting('temperature', '0.1', -1)).toBe('0.1');
    expect(stepSetting('topP', '0.95', 1)).toBe('all');
    expect(stepSetting('seed', 'seven', 1)).toBe('seven');
  });
});
