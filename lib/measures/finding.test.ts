import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeLink, encodeLink } from '@/lib/comparison';
import { sampleComparison } from '@/lib/comparison/testing';
import { DECIDING_SHARE, decidingCells, type Findable, findingOf } from './finding';
import { findingSentence, findingWords } from './finding-words';

const grid = { rows: 3, columns: 4 };
const STEPS = 12;
const zeros = () => new Float32Array(STEPS);

/** A pair whose tokens differ at `split`, with cross scores by step on both sides. */
const pairWith = (split: readonly number[], scores: Readonly<Record<number, number>> | null): Findable => {
  const b = Int32Array.from({ length: STEPS }, (_, step) => (split.includes(step) ? 2 : 1));
  const bits = Float32Array.from({ length: STEPS }, (_, step) => scores?.[step] ?? 0);
  return {
    prompts: { a: 'a red hat', b: 'a blue hat' },
    settings: { coupling: 'coupled', greedy: false },
    tokens: { a: new Int32Array(STEPS).fill(1), b },
    trace: scores === null ? {} : { crossScoreBits: { a: bits, b: bits } },
  };
};
const sentence = (pair: Findable, readsAlike: boolean | null = null, steps = STEPS): string =>
  findingSentence(findingWords(findingOf(pair, steps), { grid, readsAlike, isCut: steps < STEPS }));

describe('what a comparison shows, in words', () => {
  it.each([
    ['one token', pairWith([5, 6], { 5: 20, 6: 0.5 }), 'One token decides it: step 5, row 1. 2 of 12 tokens differ.'],
    [
      'two tokens in one row',
      pairWith([5, 6], { 5: 9, 6: 10 }),
      'Two tokens decide it: steps 5 and 6, row 1. 2 of 12 tokens differ.',
    ],
    [
      'three tokens in two rows',
      pairWith([3, 5, 6], { 3: 9, 5: 9, 6: 10 }),
      'Three tokens decide it: steps 3, 5 and 6, rows 0 and 1. 3 of 12 tokens differ.',
    ],
    [
      'many cells',
      pairWith([1, 2, 3, 4, 5], { 1: 5, 2: 5, 3: 5, 4: 5, 5: 5 }),
      '4 cells carry 80 % of the cross score. 5 of 12 tokens differ.',
    ],
    [
      'a heavy cell where the same token came out',
      pairWith([6], { 2: 20, 6: 1 }),
      '1 cell carries 97 % of the cross score. 1 of 12 tokens differs.',
    ],
    [
      'every cell',
      pairWith([...Array(STEPS).keys()], { 0: 9 }),
      'The whole picture changes, from step 0 on. 12 of 12 tokens differ.',
    ],
    [
      'prompts that hardly disagree',
      pairWith([7], { 7: 0.2 }),
      '1 of 12 tokens differs, and the prompts hardly matter to them: less than 1 bit of cross score in all.',
    ],
    ['no cross scores', pairWith([7], null), '1 of 12 tokens differs, the first at step 7.'],
    [
      'no difference',
      pairWith([], { 3: 4 }),
      'Nothing differs: the model reads the prompts differently, yet the same 12 tokens came out.',
    ],
    [
      'no difference, reading unknown',
      pairWith([], null),
      'Nothing differs: the same 12 tokens came out for both prompts.',
    ],
    [
      'noise of its own',
      { ...pairWith([7], { 7: 9 }), settings: { coupling: 'independent', greedy: false } as const },
      '1 of 12 tokens differs, and chance has its part: the noise of A and B is independent.',
    ],
    [
      'one prompt twice',
      { ...pairWith([], {}), prompts: { a: 'a hat', b: 'a hat' } },
      'Self-test passed: identical prompts and the same noise gave identical tokens at all 12 steps.',
    ],
  ])('%s', (_, pair, expected) => {
    expect(sentence(pair)).toBe(expected);
  });

  it('says that the model reads both prompts as the same, where that is known', () => {
    expect(sentence(pairWith([], {}), true)).toBe(
      'This model reads A and B as the same prompt. 0 of 12 tokens differ.',
    );
  });

  it('says of a drawing that was stopped how far it came', () => {
    expect(sentence(pairWith([2], { 2: 9 }), null, 8)).toBe(
      'One token decides it: step 2, row 0. 1 of 8 tokens differs. It was stopped after 8 of 12 steps.',
    );
  });
});

describe('deciding cells', () => {
  const score = fc.double({ min: -60, max: 60, noNaN: true });
  const scores = fc.array(score, { minLength: 1, maxLength: 60 });

  it('are the fewest that hold their share, the heaviest first', () => {
    fc.assert(
      fc.property(scores, (values) => {
        const steps = values.length;
        const bits = { a: Float32Array.from(values), b: new Float32Array(steps) };
        const deciding = decidingCells(bits, steps);
        if (deciding === null) return;
        expect(deciding.share).toBeGreaterThanOrEqual(DECIDING_SHARE);
        expect(new Set(deciding.steps).size).toBe(deciding.steps.length);
        const without = deciding.steps.length - 1;
        const most = decidingCells(bits, steps)?.steps.slice(0, without) ?? [];
        const heaviest = Math.max(...values.map(Math.abs));
        // One cell fewer cannot hold the share: the lightest of them is no heavier than any other, and needed.
        if (most.length > 0) expect(deciding.share - DECIDING_SHARE).toBeLessThan(deciding.share / most.length + 1e-9);
        expect(Math.abs(values[deciding.steps[0] ?? 0] ?? 0)).toBeGreaterThan(0.8 * heaviest);
      }),
      { seed: 3 },
    );
  });

  it('are not known where a score is not', () => {
    const bits = { a: Float32Array.of(1, Number.NaN), b: Float32Array.of(1, 1) };
    expect(decidingCells(bits, 2)).toBeNull();
    expect(decidingCells(bits, 1)?.steps).toEqual([0]);
    expect(decidingCells({ a: zeros(), b: zeros() }, STEPS)).toBeNull();
    expect(decidingCells(undefined, STEPS)).toBeNull();
  });

  it('are the same for the author and for a reader of the link', () => {
    const comparison = sampleComparison();
    const steps = comparison.tokens.a.length;
    fc.assert(
      fc.property(
        fc.array(score, { minLength: steps, maxLength: steps }),
        fc.array(score, { minLength: steps, maxLength: steps }),
        (a, b) => {
          const crossScoreBits = { a: Float32Array.from(a), b: Float32Array.from(b) };
          const drawn = { ...comparison, trace: { ...comparison.trace, crossScoreBits } };
          const link = encodeLink(drawn);
          const opened = decodeLink(link.ok ? link.value : '');
          expect(opened.ok && findingOf(opened.value, steps)).toEqual(findingOf(drawn, steps));
        },
      ),
      { seed: 5, numRuns: 200 },
    );
  });
});
