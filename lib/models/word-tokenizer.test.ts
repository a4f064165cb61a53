import { testModel } from './testing';
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { editDistance } from '@/lib/prompts';
import { nearestWord, parseTextVocabulary, prefixIds, readPrompt, type TextVocabulary } from './word-tokenizer';

const vocabulary: TextVocabulary = {
  prefixLength: 10,
  special: { pad: 0, bos: 1, boi: 2, unk: 3, quote: 4 },
  // Three places of each letter.
  letters: new Map([...'ABC'].map((letter, i) => [letter, [50 + i, 60 + i, 70 + i]])),
  words: new Map(['a', 'red', 'apple', 'cup', 'left', '3'].map((word, i) => [word, 10 + i])),
};
const ids = (prompt: string) => readPrompt(prompt, vocabulary).ids;

describe('reading a prompt', () => {
  test('words in lower case, whatever stands between them', () => {
    expect(ids('A red, apple!')).toEqual([10, 11, 12]);
    expect(ids('a_red—cup 3')).toEqual([10, 11, 13, 15]);
  });

  test('quoted text letter by letter, straight or curly', () => {
    expect(ids('a "ab"')).toEqual([10, 4, 50, 61, 4]);
    expect(ids('\u201cC\u201d a')).toEqual([4, 52, 4, 10]);
    expect(ids('"" a')).toEqual([4, 4, 10]);
    expect(ids('a cup" red')).toEqual([10, 13, 11]);
    expect(readPrompt('"A!"', vocabulary)).toMatchObject({
      ids: [4, 50, 3, 4],
      unknown: [{ word: '!', start: 2, end: 3, nearest: null }],
    });
  });

  test('a letter has an id for each place, and one past the last place is unknown', () => {
    expect(ids('"aaa" "a"')).toEqual([4, 50, 60, 70, 4, 4, 50, 4]);
    expect(readPrompt('a “abcba”', vocabulary)).toMatchObject({ ids: [10, 4, 50, 61, 72, 3, 3, 4], unknown: [] });
  });

  test('single quotes around a word quote it, apostrophes do not', () => {
    const quoted = [10, 4, 50, 61, 4];
    for (const prompt of ["a 'ab'", "a 'ab'.", 'a ‘ab’', "a 'ab' "]) expect(ids(prompt), prompt).toEqual(quoted);
    expect(ids("'a' red 'b'")).toEqual([4, 50, 4, 11, 4, 51, 4]);
    // A cat's, rock 'n' roll's last letters, o'clock, a lone mark.
    expect(readPrompt("a cup's red", vocabulary).unknown.map(({ word }) => word)).toEqual(['s']);
    expect(ids("a'b'a cup'")).toEqual([10, 3, 10, 13]);
    expect(ids("a 'red")).toEqual([10, 11]);
    expect(ids("a ' red '")).toEqual([10, 11]);
  });

  test('quotation marks of other languages, set off by spaces or not', () => {
    for (const text of [
      '«ab»',
      '«\u00a0ab\u00a0»',
      '»ab«',
      '‹ab›',
      '‚ab‘',
      '„ab“',
      '「ab」',
      '｢ab｣',
      '『ab』',
      '＂ab＂',
      '’ab’',
    ])
      expect(ids(`a ${text}`), text).toEqual([10, 4, 50, 61, 4]);
    expect(ids('a cup’s red')).toEqual([10, 13, 3, 11]);
    expect(ids('a « red')).toEqual([10, 11]);
  });

  test('a prompt in such marks as a whole is read as words; in straight double ones as ever', () => {
    expect(ids('« a red apple »')).toEqual([10, 11, 12]);
    expect(ids('「a red apple "a"」')).toEqual([10, 11, 12, 4, 50, 4]);
    expect(ids('"ab"')).toEqual([4, 50, 61, 4]);
  });

  test('up to where the prompt is read', () => {
    expect(readPrompt('red apple', vocabulary).readTo).toBe(9);
    expect(readPrompt('red '.repeat(12), vocabulary).readTo).toBe(32);
  });

  test('normal form, without control and bidirectional characters', () => {
    expect(ids('ｒｅｄ')).toEqual([11]);
    expect(ids('r\u202ee\u200dd\u0007')).toEqual([11]);
    expect(ids('red\napple\tcup')).toEqual([11, 12, 13]);
  });

  test('unknown words, with their places and the nearest known word', () => {
    const prompt = 'a rde aple 🍎 zebra';
    const { ids: read, unknown } = readPrompt(prompt, vocabulary);
    expect(read).toEqual([10, 3, 3, 3]);
    expect(unknown.map(({ start, end }) => prompt.slice(start, end))).toEqual(['rde', 'aple', 'zebra']);
    expect(unknown.map(({ nearest }) => nearest)).toEqual(['red', 'apple', null]);
  });

  test('what is too long is cut and counted', () => {
    expect(readPrompt('red '.repeat(12), vocabulary)).toMatchObject({ ids: Array(8).fill(11), truncatedWords: 4 });
  });

  test('never fails, and places stay inside the prompt', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 60 }), (prompt) => {
        const reading = readPrompt(prompt, vocabulary);
        expect(reading.ids.length).toBeLessThanOrEqual(8);
        for (const { start, end } of reading.unknown) {
          expect(start).toBeGreaterThanOrEqual(0);
          expect(end).toBeGreaterThan(start);
          expect(end).toBeLessThanOrEqual(prompt.length);
        }
      }),
    );
  });
});

describe('the prefix', () => {
  test('is as long as the model reads, with boi last', () => {
    const list = (words: number[]) => prefixIds(words, vocabulary, 100);
    expect(list([10, 11])).toEqual([101, 110, 111, 100, 100, 100, 100, 100, 100, 102]);
    expect(list([])).toEqual([101, 100, 100, 100, 100, 100, 100, 100, 100, 102]);
    expect(list(Array<number>(20).fill(12))).toEqual([101, ...Array<number>(8).fill(112), 102]);
  });
});

describe('edit distance', () => {
  test('counts insertions, deletions, replacements and swaps of neighbours', () => {
    expect(editDistance('apple', 'aple')).toBe(1);
    expect(editDistance('red', 'rde')).toBe(1);
    expect(editDistance('', 'cup')).toBe(3);
    expect(editDistance('kitten', 'sitting')).toBe(3);
    expect(editDistance('abcdef', 'uvwxyz', 2)).toBeGreaterThan(2);
  });

  test('is symmetric, and zero only for equal words', () => {
    const word = fc.string({ maxLength: 8, unit: fc.constantFrom(...'abc') });
    fc.assert(
      fc.property(word, word, (a, b) => {
        expect(editDistance(a, b)).toBe(editDistance(b, a));
        expect(editDistance(a, b) === 0).toBe(a === b);
      }),
    );
  });

  test('offers nothing for what is far from every word, and no word for a number', () => {
    for (const word of ['xylophone', '6', '33']) expect(nearestWord(word, vocabulary), word).toBeNull();
  });

  test('offers the word that one is a form of, or that says nearly the same', () => {
    const known = new Map(['a', '5', 'dog', 'cat', 'red', 'bed', 'car'].map((word, id) => [word, id]));
    const near = (word: string) => nearestWord(word, { ...vocabulary, words: known });
    expect(['doggy', 'reddish', 'kitten', 'puppy', 'automobile', 'cta'].map(near)).toEqual([
      'dog',
      'red',
      'cat',
      'dog',
      'car',
      'cat',
    ]);
    // Among equals the same first letter decides, then a letter that was left out rather than one too many.
    expect(near('rbd')).toBe('red');
    const suns = new Map([
      ['suns', 0],
      ['sunset', 1],
    ]);
    expect(nearestWord('sunst', { ...vocabulary, words: suns })).toBe('sunset');
    expect(near('carpet')).toBeNull();
    // What says nearly the same must be known too.
    expect(near('crimson')).toBe('red');
    expect(near('violet')).toBeNull();
  });
});

test('a vocabulary file is read, and a damaged one named', () => {
  const file = readFileSync(testModel('tiny-model', 'text.json'));
  expect(parseTextVocabulary(file).words.get('apple')).toBeTypeOf('number');
  const placed = {
    prefixLength: 4,
    special: { pad: 0, bos: 1, boi: 2, unk: 3, quote: 4 },
    letters: { A: [5, 6], B: 7 },
    words: {},
  };
  const { letters } = parseTextVocabulary(new TextEncoder().encode(JSON.stringify(placed)));
  expect(letters.get('A')).toEqual([5, 6]);
  expect(letters.get('B')).toEqual([7, 7, 7, 7]);
  expect(() => parseTextVocabulary(new TextEncoder().encode('{"words": 3}'))).toThrow(
    expect.objectContaining({ code: 'model-damaged' }) as Error,
  );
});
