import { describe, expect, test } from 'vitest';
import { judgedPair, judgeFor, verdict } from './verdict';

const prompts = { a: 'a red apple', b: 'a blue apple' };
const scored = (...scores: number[]) => ({ scores });
const judged = (aForA: number, bForA: number, aForB: number, bForB: number) =>
  judgedPair({ captions: [scored(aForA, bForA), scored(aForB, bForB)] });

describe('a judged pair', () => {
  test('is controlled when each picture prefers its own prompt', () => {
    expect(judged(0.9, 0.2, 0.1, 0.8)).toEqual({
      aForA: 0.9,
      bForA: 0.2,
      aForB: 0.1,
      bForB: 0.8,
      controlled: true,
      unreadable: { a: null, b: null },
    });
    expect(judged(0.9, 0.8, 0.1, 0.7).controlled).toBe(false);
    expect(judged(0.5, 0.1, 0.5, 0.9).controlled).toBe(false);
  });

  test('keeps the numbers for the prompt that can be read', () => {
    const pair = judgedPair({ captions: [scored(0.9, 0.2), { unreadable: 'It names nothing to look for.' }] });
    expect(pair).toMatchObject({ aForA: 0.9, bForA: 0.2, aForB: null, bForB: null, controlled: null });
    expect(verdict(pair, prompts)).toBe('Prompt B is not read. It names nothing to look for.');
  });
});

describe('the verdict', () => {
  test.each([
    [judged(0.9, 0.2, 0.1, 0.8), 'Each picture prefers its own prompt: controlled.'],
    [
      judged(0.9, 0.1, 0.1, 0.3),
      'Each picture prefers its own prompt: controlled. Picture B is not right by its own prompt, though.',
    ],
    [
      judged(0.2, 0, 0.1, 0.3),
      'Each picture prefers its own prompt: controlled. Neither picture is right by its own prompt, though.',
    ],
    [judged(0.9, 0.8, 0.1, 0.2), 'Picture B fits prompt A better: not controlled.'],
    [judged(0.3, 0.1, 0.7, 0.9), 'Picture A fits prompt B better: not controlled.'],
    [judged(0.1, 0.9, 0.9, 0.1), 'Each picture fits the other prompt better: not controlled.'],
    [judged(0, 0.1, 0, 0.9), 'Picture A fits both prompts equally: not controlled.'],
    [judged(0, 0.9, 0, 0.1), 'Picture A fits both prompts equally; picture B fits prompt A better: not controlled.'],
  ])('of %o is: %s', (pair, sentence) => {
    expect(verdict(pair, prompts)).toBe(sentence);
  });

  test('of the same prompt twice has nothing to prefer', () => {
    expect(verdict(judged(0.9, 0.8, 0.9, 0.8), { a: 'a cat', b: 'a cat' })).toBe(
      'Both prompts are the same, so neither picture can prefer its own.',
    );
  });

  test('names each prompt that is not read, and a reason for both once', () => {
    const pair = judgedPair({ captions: [{ unreadable: 'Why one.' }, { unreadable: 'Why other.' }] });
    expect(verdict(pair, prompts)).toBe('Prompt A is not read. Why one. Prompt B is not read. Why other.');
    expect(verdict(judgedPair({ captions: [{ unreadable: 'Why.' }, { unreadable: 'Why.' }] }), prompts)).toBe(
      'Neither prompt is read. Why.',
    );
  });
});

test('a model has the judge that reads its codebook', () => {
  const judges = ['1', '2'].map((digit) => ({ manifest: { codebook: { codes: 4, sha256: digit.repeat(64) } } }));
  expect(judgeFor('2'.repeat(64), judges)).toBe(judges[1]);
  expect(judgeFor('3'.repeat(64), judges)).toBeNull();
});
