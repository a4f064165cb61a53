import { expect, it } from 'vitest';
import { countMarks, withoutMarks, withVisibleMarks } from './direction-marks';

const reversed = '\u2066\u2066\u202Ea blue hat';

it('shows controls of direction by name and leaves none that acts', () => {
  expect(withVisibleMarks(reversed)).toBe('‹LRI›‹LRI›‹RLO›a blue hat');
  expect(withVisibleMarks('قطة زرقاء, a cat')).toBe('قطة زرقاء, a cat');
  const everything = Array.from({ length: 0xffff }, (_, code) => String.fromCharCode(code)).join('');
  expect(withVisibleMarks(everything)).not.toMatch(/\p{Bidi_Control}/u);
});

it('counts and removes them', () => {
  expect(countMarks(reversed)).toBe(3);
  expect(withoutMarks(reversed)).toBe('a blue hat');
});
