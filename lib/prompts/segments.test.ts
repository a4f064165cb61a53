import fc from 'fast-check';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { diffPrompts, describeDiff } from './prompt-diff';
import { graphemeStarts } from './segments';

afterEach(() => {
  vi.unstubAllGlobals();
});

describe('user-perceived characters', () => {
  test('are the same however long the text is', () => {
    const whole = new Intl.Segmenter('en', { granularity: 'grapheme' });
    const unit = fc.constantFrom('a', '🇩', '👩', '\u200d', '\u0301', '🏿', '\r', '\n', '红', '\ud83d');
    fc.assert(
      fc.property(fc.array(unit, { minLength: 200, maxLength: 900, size: 'max' }), (units) => {
        const text = units.join('');
        const starts = Array.from(whole.segment(text), ({ index }) => index);
        expect(graphemeStarts(text)).toEqual([...starts, text.length]);
      }),
      { numRuns: 50, endOnFailure: true },
    );
  });

  test('without Intl.Segmenter, scripts without spaces are compared character by character', () => {
    const { Segmenter: _, ...rest } = Object.fromEntries(
      Object.getOwnPropertyNames(Intl).map((name) => [name, Intl[name as keyof typeof Intl]]),
    );
    vi.stubGlobal('Intl', rest);
    expect(describeDiff(diffPrompts('一只红苹果', '一只绿苹果'))).toBe('word replaced: 红 → 绿');
    expect(graphemeStarts('e\u0301👩\u200d👩🇩🇪x')).toEqual([0, 2, 7, 11, 12]);
  });
});
