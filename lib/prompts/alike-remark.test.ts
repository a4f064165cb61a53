import { describe, expect, test } from 'vitest';
import { alikeRemark, type Reading } from './alike-remark';
import { diffPrompts } from './prompt-diff';

/** Knows a few words, four of a prompt, and two letters of a quoted text. */
const read = (prompt: string): Reading => {
  const pieces = Array.from(prompt.matchAll(/"[^"]*"|[a-z]+/g), ({ 0: word, index }) => ({
    word: word.slice(0, 3),
    start: index,
    end: index + word.length,
  }));
  const known = ['a', 'red', 'cat', 'dog'];
  const id = (word: string) =>
    word.startsWith('"') ? 100 + word.charCodeAt(1) * 9 + word.charCodeAt(2) : known.indexOf(word);
  return {
    ids: pieces.slice(0, 4).map(({ word }) => id(word)),
    unknown: pieces.slice(0, 4).filter(({ word }) => !word.startsWith('"') && !known.includes(word)),
    readTo: pieces[4]?.start ?? prompt.length,
  };
};
const remark = (a: string, b: string) =>
  alikeRemark(
    diffPrompts(a, b, (prompt) => read(prompt).ids),
    { a, b },
    { a: read(a), b: read(b) },
  );

describe('why a model reads two prompts as the same', () => {
  const same = 'The model reads both prompts as the same';
  test.each([
    ['a zorblax', 'a quux', `${same}: it does not know “zorblax” and “quux”.`],
    ['a cat a red dog', 'a cat a red cat', `${same}: it stops reading before “dog” and “cat”.`],
    ['a "HIS"', 'a "HIT"', `${same}: of “"HIS"” and “"HIT"” it reads the first letters only.`],
    ['a cat for $', 'a cat for €', `${same}: it does not read “$” and “€”.`],
    ['a zorblax $', 'a quux €', `${same}: it does not know “zorblax” and “quux”; it does not read “$” and “€”.`],
    ['a red-cat', 'a red cat', `${same}: only case, spacing or punctuation differs.`],
  ])('%j and %j: %s', (a, b, expected) => {
    expect(remark(a, b)).toBe(expected);
  });

  test('nothing is said of prompts that it reads apart, of equal ones, and where its reading is not known', () => {
    expect(remark('a cat', 'a dog')).toBeNull();
    expect(remark('a cat', 'a cat')).toBeNull();
    const prompts = { a: 'a zorblax', b: 'a quux' };
    expect(alikeRemark(diffPrompts(prompts.a, prompts.b), prompts, { a: { ids: [] }, b: { ids: [] } })).toBeNull();
  });
});
