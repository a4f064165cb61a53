import { expect, test } from 'vitest';
import { encodeLink } from '@/lib/comparison';
import { sampleComparison } from '@/lib/comparison/testing';
import { holdsComparison, holdsSheet, readShared } from './open-comparison';

const link = encodeLink(sampleComparison());
const fragment = link.ok ? link.value : '';

test('a message that begins with a bracket opens by the link in it', () => {
  for (const text of [
    `[the bear](https://x.example/${fragment})`,
    `[12:30] Ann: https://x.example/${fragment}`,
    `{${fragment}}`,
  ])
    expect(readShared(text)).toMatchObject({ ok: true, value: { kind: 'comparison' } });
});

test('a file that means to be JSON says what is wrong with the JSON', () => {
  expect(readShared('\uFEFF {"format": "pairscope-comparison", "form')).toMatchObject({
    ok: false,
    error: { message: 'This file is damaged or cut off: it is not valid JSON.' },
  });
});

test('spaces without end are refused at once', () => {
  for (const spaces of [' '.repeat(99_000), ' '.repeat(10_000_000)]) expect(readShared(`${spaces}x`).ok).toBe(false);
});

test.each([
  [fragment, true],
  [fragment.replace('=', '%3D'), true],
  [`#x=1&${fragment.slice(1)}`, true],
  ['#c=', true],
  ['#top', false],
  ['', false],
])('an address that ends in %.20s is seen to hold a comparison: %s', (hash, holds) => {
  expect(holdsComparison(hash)).toBe(holds);
  expect(holdsSheet(hash)).toBe(false);
});
