import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { PairCompError } from '@/lib/domain';
import { CATEGORIES, categoryOf, readCategory } from './categories';
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
    expect(file.pairs.map(({ index, category, captions }) => [index, category, ...captions])).toEqual([
      [0, 'Color difference', 'a red cup', 'a blue cup'],
      [2, 'Sound difference', 'a cat', 'a dog'],
      [9, 'Counting difference', 'two cats', 'three cats'],
    ]);
    expect(file.repeats).toEqual([7]);
    expect(file.items).toBe(10);
    expect(file.problems).toEqual([
      'Item 1 has no caption2.',
      'Item 3 has an empty caption2.',
      'Item 4 has a caption2 that is not a text.',
      'Item 5 has the same caption twice, so there is no difference to show.',
      'Item 6 is not an object with a category and two captions.',
      'Item 7 repeats item 0.',
      'Item 8 has a caption of more than 2,000 characters.',
      'The category "Sound difference" is none of the paper\'s six; its 1 pair is counted apart.',
    ]);
  });

  test.each([
    ['', 'The file of pairs is neither JSON nor a CSV table with two captions.'],
    ['[{', 'The file of pairs is neither JSON nor a CSV table with two captions.'],
    ['{"0": {}}', 'The file of pairs is not a JSON list of {category, caption1, caption2}.'],
    ['[]', 'The file of pairs is empty.'],
    ['[{"category": "Color difference"}]', 'The file of pairs has no usable pair: item 0 has no caption1.'],
  ])('%j cannot be used at all', (text, sentence) => {
    expect(() => parsePairs(text)).toThrow(new PairCompError(sentence));
  });

  test.each([
    ['category,caption1,caption2\nColor difference,a red cup,a blue cup\n', 'commas'],
    ['\uFEFFprompt B;Category;prompt A\r\na blue cup;color;a red cup\r\n', 'another order and semicolons'],
    ['COLOUR DIFFERENCE\ta red cup\ta blue cup', 'tabs and no headings'],
    ['"Color difference","a red cup","a blue cup"\n\n', 'quotation marks'],
  ])('may be a table: %j', (text) => {
    expect(parsePairs(text).pairs).toEqual([
      { index: 0, category: 'Color difference', captions: ['a red cup', 'a blue cup'] },
    ]);
  });

  test('may be two columns of prompts, which then have no category of the paper', () => {
    const { pairs, problems } = parsePairs('a red cup,"a ""blue"", cup"\ntwo cats,three cats\nalone\n');
    expect(pairs.map(({ captions }) => captions)).toEqual([
      ['a red cup', 'a "blue", cup'],
      ['two cats', 'three cats'],
    ]);
    expect(problems).toEqual([
      'Item 2 has an empty caption2.',
      'The category "Pairs without a category" is none of the paper\'s six; its 2 pairs are counted apart.',
    ]);
  });

  test('of a hostile table is read in linear time', () => {
    for (const character of ['"', ',', '\n', '""', 'x']) {
      const hostile = character.repeat(300_000);
      try {
        expect(parsePairs(`a,b\n${hostile}`).items).toBeLessThan(300_002);
      } catch (error) {
        expect(error).toBeInstanceOf(PairCompError);
      }
    }
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

test.each([
  ['color difference', 'Color difference'],
  ['  COLOUR ', 'Color difference'],
  ['style and tone difference', 'Style & Tone difference'],
  ['Style&Tone', 'Style & Tone difference'],
  ['Overall  appearance', 'Overall appearance difference'],
  ['Sound  difference', 'Sound difference'],
  ['', ''],
])('a file’s %j is the category %j', (name, category) => {
  expect(readCategory(name)).toBe(category);
});
