import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { PairCompError } from '@/lib/domain';
import { CATEGORIES, categoryOf } from './categories';
import { choosePairs, parsePairs } from './pairs';

const item = (caption1: unknown, caption2: unknown, category: unknown = 'Color difference') => ({
  category,
  caption1,
  caption2,
});
const read = (...items: unknown[]) => parsePairs(JSON.stringify(items));

describe('a file of pairs', () => {
  test('keeps the places of usable items and names each of the others in one sentence', () => {
    const file = read(
      item('a red cup', 'a blue cup'),
      { category: 'Color difference', caption1: 'a cup' },
      item('a cat', 'a dog', 'Sound difference'),
      item('a cat', '  '),
      item('a cat', 7),
      item('a cat ', 'a cat'),
      'a cat',
      item('a red cup', 'a blue cup'),
      item('x'.repeat(3000), 'y'),
      item('two cats', 'three cats', 'Counting difference'),
    );
    expect(file.pairs.map(({ index, captions }) => [index, ...captions])).toEqual([
      [0, 'a red cup', 'a blue cup'],
      [9, 'two cats', 'three cats'],
    ]);
    expect(file.items).toBe(10);
    expect(file.problems).toEqual([
      'Item 1 has no caption2.',
      'Item 2 has the category "Sound difference", which is none of the six.',
      'Item 3 has an empty caption2.',
      'Item 4 has a caption2 that is not a text.',
      'Item 5 has the same caption twice, so there is no difference to show.',
      'Item 6 is not an object with a category and two captions.',
      'Item 7 repeats item 0.',
      'Item 8 has a caption of more than 2,000 characters.',
    ]);
  });

  test.each([
    ['', 'The file of pairs is not JSON.'],
    ['{"0": {}}', 'The file of pairs is not a JSON list of {category, caption1, caption2}.'],
    ['[]', 'The file of pairs is empty.'],
    ['[{"category": "Color difference"}]', 'The file of pairs has no usable pair: item 0 has no caption1.'],
  ])('%j cannot be used at all', (text, sentence) => {
    expect(() => parsePairs(text)).toThrow(new PairCompError(sentence));
  });

  test('of 100,000 pairs gives the first 20,000 and says so', () => {
    const file = parsePairs(JSON.stringify(Array.from({ length: 100_000 }, (_, n) => item(`${n} cats`, `${n} dogs`))));
    expect(file.pairs).toHaveLength(20_000);
    expect(file.problems).toEqual(['The file holds 100,000 pairs; only the first 20,000 are used.']);
  });

  test('of this project has 120 pairs of each category, none of them unusable', () => {
    const { pairs, problems } = parsePairs(
      readFileSync(new URL('../../public/paircomp/held-out.json', import.meta.url), 'utf8'),
    );
    expect(problems).toEqual([]);
    expect(CATEGORIES.map((category) => pairs.filter((pair) => pair.category === category).length)).toEqual([
      120, 120, 120, 120, 120, 120,
    ]);
  });

  const authors = new URL('../../../shared/data/PairComp.json', import.meta.url);
  test.skipIf(!existsSync(authors))('of the authors is read whole', () => {
    const { pairs, problems } = parsePairs(readFileSync(authors, 'utf8'));
    expect(problems).toEqual([]);
    expect(CATEGORIES.map((category) => pairs.filter((pair) => pair.category === category).length)).toEqual([
      250, 50, 50, 50, 100, 50,
    ]);
  });
});

test('a limit is spread over the categories, and a larger one only adds', () => {
  const { pairs } = read(
    item('a', 'b'),
    item('c', 'd'),
    item('e', 'f'),
    item('g', 'h', 'Text difference'),
    item('i', 'j', 'Counting difference'),
  );
  const indices = (limit: number | null, categories = null as Parameters<typeof choosePairs>[1]['categories']) =>
    choosePairs(pairs, { categories, limit }).map(({ index }) => index);
  expect(indices(null)).toEqual([0, 4, 3, 1, 2]);
  expect(indices(2)).toEqual([0, 4]);
  expect(indices(4)).toEqual([0, 4, 3, 1]);
  expect(indices(9, ['Text difference', 'Color difference'])).toEqual([0, 3, 1, 2]);
  expect(indices(0)).toEqual([]);
});

test.each([
  ['color', 'Color difference'],
  ['Style & Tone', 'Style & Tone difference'],
  ['style', 'Style & Tone difference'],
  ['appearance', 'Overall appearance difference'],
  ['Counting difference', 'Counting difference'],
  ['sound', null],
  ['', null],
])('%j names the category %s', (name, category) => {
  expect(categoryOf(name)).toBe(category);
});
