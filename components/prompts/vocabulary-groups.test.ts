import { describe, expect, test } from 'vitest';
import type { Vocabulary } from '@/lib/prompts';
import { insertEntry, limitSentences, searchGroups, vocabularyGroups } from './vocabulary-groups';

const object = (name: string, takes: Partial<Vocabulary['objects'][number]> = {}) => ({
  name,
  plural: `${name}s`,
  synonyms: [],
  takesColour: false,
  takesPattern: false,
  wears: false,
  ...takes,
});

const vocabulary: Vocabulary = {
  objects: [
    object('ball', { takesColour: true, takesPattern: true, synonyms: ['football'] }),
    object('cat', { wears: true }),
    object('tree'),
  ],
  colours: ['red', 'blue'],
  counts: [{ word: 'two', value: 2 }],
  relations: { left: ['to the left of', 'with … on its left'] },
  sizes: { big: ['big', 'large'] },
  patterns: { striped: ['striped'] },
  accessories: ['hat', 'glasses'],
  styles: { neon: ['a neon sign of {}', '{} in neon'] },
  places: {},
  joiningWords: ['and'],
  sign: { phrases: ['a sign that says "CAT"'], maxLetters: 4 },
  limits: { maxWords: 22, maxCount: 5, maxObjects: 3, untaught: ['signs in a place'] },
  taught: [],
};
const groups = vocabularyGroups(vocabulary);
const labels = (query: string) =>
  searchGroups(groups, query).map(({ name, entries }) => [name, entries.map(({ label }) => label)]);
const insertion = (label: string) =>
  groups.flatMap(({ entries }) => entries).find((entry) => entry.label === label)?.insertion ?? null;

describe('the groups of a vocabulary', () => {
  test('say what goes with what, and leave out what the model has nothing of', () => {
    expect(groups.map(({ name }) => name)).toEqual([
      'Things of any colour',
      'Animals that wear things',
      'Other things',
      'Colours',
      'Counts',
      'Positions',
      'Sizes',
      'Patterns',
      'To wear',
      'Styles',
      'Signs',
      'Between things',
    ]);
    expect(groups.find(({ name }) => name === 'Patterns')?.hint).toBe('on balls');
    expect(labels('wear')).toEqual([
      ['Animals that wear things', ['cat']],
      ['To wear', ['wearing a hat', 'wearing glasses']],
    ]);
  });

  test('are searched by word, other name, number and group', () => {
    expect(labels('BALL')).toEqual([['Things of any colour', ['ball', 'football']]]);
    expect(labels('trees')).toEqual([['Other things', ['tree']]]);
    expect(labels('2')).toEqual([['Counts', ['two']]]);
    expect(labels('big')).toEqual([['Sizes', ['big', 'large']]]);
    expect(labels('zebra')).toEqual([]);
    expect(labels(' ')).toHaveLength(groups.length);
  });

  test('end in the limits', () => {
    expect(limitSentences(vocabulary)).toEqual([
      'At most 22 words, 5 things of 3 kinds in a picture, and 4 letters on a sign.',
      'Never taught: signs in a place.',
    ]);
  });
});

describe('putting an entry into a prompt', () => {
  const put = (label: string, marked: string) => {
    const start = marked.indexOf('[');
    const end = marked.indexOf(']') - 1;
    const { text, cursor } = insertEntry(marked.replace(/[[\]]/g, ''), { start, end }, insertion(label)!);
    return `${text.slice(0, cursor)}|${text.slice(cursor)}`;
  };

  test.each([
    ['red', 'a [] ball', 'a red| ball'],
    ['red', 'a[]', 'a red|'],
    ['red', '[]', 'red|'],
    ['red', 'a [blue] ball', 'a red| ball'],
    ['ball', 'a [], a tree', 'a ball|, a tree'],
    ['a neon sign of …', 'a cat[]', 'a neon sign of a cat|'],
    ['… in neon', 'a cat[] ', 'a cat in neon|'],
  ])('%j into %j', (label, before, after) => {
    expect(put(label, before)).toBe(after);
  });

  test('what stands around other words has to be typed', () => {
    expect(insertion('with … on its left')).toBeNull();
  });
});
