import { describe, expect, test } from 'vitest';
import { judgedPair, judgeFor, verdict } from './verdict';

const prompts = { a: 'a red apple', b: 'a blue apple' };
const scored = (...scores: number[]) => ({ scores });
const judged = (aForA: number, bForA: number, aForB: number, bForB: number) =>
  judgedPair({ captions: [scored(aForA, bForA), scored(aForB, bForB)] }, prompts);

describe('a judged pair', () => {
  test('is controlled when both pictures are right by their own prompts', () => {
    expect(judged(0.9, 0.2, 0.1, 0.8)).toEqual({
      aForA: 0.9,
      bForA: 0.2,
      aForB: 0.1,
      bForB: 0.8,
      outcome: 'both',
      controlled: true,
      unreadable: { a: null, b: null },
    });
    expect(judged(0.9, 0.8, 0.1, 0.5)).toMatchObject({ outcome: 'onlyA', controlled: false });
    // Preferring its own prompt by nothing worth the name is not being right.
    expect(judged(1e-14, 0, 0, 1e-14)).toMatchObject({ outcome: 'neither', controlled: false });
  });

  test('keeps the numbers for the prompt that can be read', () => {
    const pair = judgedPair({ captions: [scored(0.9, 0.2), { unreadable: 'It names nothing to look for.' }] }, prompts);
    expect(pair).toMatchObject({ aForA: 0.9, bForA: 0.2, aForB: null, bForB: null, controlled: null });
    expect(verdict(pair, prompts)).toBe('Prompt B is not read. It names nothing to look for.');
  });
});

describe('the verdict', () => {
  test.each([
    [judged(0.9, 0.2, 0.1, 0.8), 'Both pictures are right by their own prompts.'],
    [
      judged(0.9, 0.1, 0.8, 0.9),
      'Both pictures are right by their own prompts. Picture A is right by prompt B as well.',
    ],
    [judged(0.9, 0.1, 0.1, 0.3), 'Only picture A is right by its own prompt.'],
    [judged(0.2, 0.7, 0.1, 0.8), 'Only picture B is right by its own prompt. Picture B is right by prompt A as well.'],
    [judged(0.2, 0, 0.1, 0.3), 'Neither picture is right by its own prompt.'],
    [
      judged(0.1, 0.9, 0.9, 0.1),
      'Neither picture is right by its own prompt. Each is right by the other prompt: they are mixed up.',
    ],
  ])('of %o is: %s', (pair, sentence) => {
    expect(verdict(pair, prompts)).toBe(sentence);
  });

  test('of the same prompt twice there is none', () => {
    const same = { a: 'a cat', b: 'a cat' };
    const pair = judgedPair({ captions: [scored(0.9, 0.8), scored(0.9, 0.8)] }, same);
    expect(pair).toMatchObject({ outcome: null, controlled: null });
    expect(verdict(pair, same)).toBe('Both prompts are the same, so there is no pair to judge.');
  });

  test('names each prompt that is not read, and a reason for both once', () => {
    const pair = judgedPair({ captions: [{ unreadable: 'Why one.' }, { unreadable: 'Why other.' }] }, prompts);
    expect(verdict(pair, prompts)).toBe('Prompt A is not read. Why one. Prompt B is not read. Why other.');
    expect(verdict(judgedPair({ captions: [{ unreadable: 'Why.' }, { unreadable: 'Why.' }] }, prompts), prompts)).toBe(
      'Neither prompt is read. Why.',
    );
  });
});

test('a model has the judge that reads its codebook', () => {
  const judges = ['1', '2'].map((digit) => ({ manifest: { codebook: { codes: 4, sha256: digit.repeat(64) } } }));
  expect(judgeFor('2'.repeat(64), judges)).toBe(judges[1]);
  expect(judgeFor('3'.repeat(64), judges)).toBeNull();
});
