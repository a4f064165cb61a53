import { expect, test } from 'vitest';
import { percentWithError, settingsLine, shortCategory } from './words';

test('shares carry their standard error, where there is one', () => {
  expect(percentWithError({ right: 0.5667, standardError: 0.0286 })).toBe('56.7 ± 2.9 %');
  expect(percentWithError({ right: 1 })).toBe('100.0 %');
});

test('settings are named as the bench names them', () => {
  expect(settingsLine({ guidance: 2, mask: 0.05, temperature: 1, step: 1700, topK: 0, topP: 1 })).toBe(
    'guidance 2, plausibility 0.05, temperature 1',
  );
  expect(shortCategory('Style & Tone difference')).toBe('Style & Tone');
});
