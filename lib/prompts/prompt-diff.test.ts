import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { describeDiff, diffPrompts } from './prompt-diff';

const describe1 = (a: string, b: string): string => describeDiff(diffPrompts(a, b));
const marked = (a: string, b: string, side: 'a' | 'b'): string =>
  diffPrompts(a, b)
    .segments[side].map(({ text, edit }) => (edit === null ? text : `[${text}]`))
    .join('');

describe('named edits', () => {
  it.each([
    ['a red apple to the left of a blue cup', 'a blue apple to the left of a red cup', 'colours swapped: red ↔ blue'],
    ['a cat and a dog', 'a dog and a cat', 'objects swapped: cat ↔ dog'],
    ['apple above cup', 'cup above apple', 'objects swapped: apple ↔ cup'],
    ['a red apple and a blue cup', 'a blue cup and a red apple', 'objects swapped: red apple ↔ blue cup'],
    ['one apple and two cups', 'two apples and one cup', 'counts swapped: one ↔ two'],
    ['a red apple', 'a green apple', 'colour replaced: red → green'],
    ['a red apple', 'a vermilion apple', 'colour replaced: red → vermilion'],
    ['a cup on a table', 'an apple on a table', 'object replaced: cup → apple'],
    ['a photo of a cat', 'a watercolor of a cat', 'style replaced: photo → watercolor'],
    ['a wooden chair', 'a plastic chair', 'appearance replaced: wooden → plastic'],
    ['a zorblax', 'a quux', 'word replaced: zorblax → quux'],
    ['two apples', 'three apples', 'count changed: two → three'],
    ['an apple', 'two apples', 'count changed: an → two'],
    ['a red cherry on a table', 'four red cherries on a table', 'count changed: a → four'],
    ['there is one knife', 'there are 2 knives', 'count changed: one → 2'],
    ['apple', 'apples', 'count changed: apple → apples'],
    ['a cup to the left of a ball', 'a cup above a ball', 'position changed: to the left of → above'],
    ['a cup to the left of a ball', 'a cup to the right of a ball', 'position changed: left → right'],
    ['a cat with a hat', 'a cat without a hat', 'negated: with → without'],
    ['a cat with a hat', 'a cat with no hat', 'negated: a → no'],
    ['a cat that is not asleep', 'a cat that is asleep', 'negation removed: not'],
    ["a dog that isn't red", 'a dog that is red', "negation removed: isn't → is"],
    ['a cat', 'an orange cat', 'colour inserted: orange'],
    ['a big dog', 'a dog', 'size deleted: big'],
    ['a big dog and a small cat', 'a small dog and a big cat', 'sizes swapped: big ↔ small'],
    ['a striped ball', 'a spotted ball', 'pattern replaced: striped → spotted'],
    ['a cat wearing a hat', 'a cat wearing a crown', 'accessory replaced: hat → crown'],
    ['a cat wearing a hat', 'a cat wearing glasses', 'accessory replaced: hat → glasses'],
    ['a cat', 'a cat wearing a bow', 'accessory inserted: wearing a bow'],
    ['a dog and a cat', 'a dog without a cat', 'negated: and → without'],
    ['a line drawing of a dog', 'a chalk drawing of a dog', 'style replaced: line → chalk'],
    ['a black and white photo of a cat', 'a sepia photo of a cat', 'style replaced: black and white → sepia'],
    ['a dog in neon', 'a dog in pixel art style', 'style replaced: neon → pixel art style'],
    ['a dog drawn in chalk', 'a dog in sepia', 'style replaced: drawn in chalk → in sepia'],
    ['a dog', 'a flat drawing of a dog', 'style inserted: a flat drawing of'],
    ['a fox on the grass', 'a fox in the snow', 'place replaced: on the grass → in the snow'],
    ['a fox at sunset', 'a fox at night', 'place replaced: sunset → night'],
    ['a fox', 'a fox in space', 'place inserted: in space'],
    ['one cactus', 'five cacti', 'count changed: one → five'],
    ['a dog', 'a dog on the table', 'inserted: on the table'],
    ['a sign that says "HI"', 'a sign that says "HO"', 'text changed: "HI" → "HO"'],
    ['a sign that says “HI”', 'a sign that says "hi"', 'only case, spacing or punctuation differs'],
    ['a cat', ' A  cat.', 'only case, spacing or punctuation differs'],
    ['', 'a cat', 'inserted: a cat'],
    ['', '', 'identical prompts'],
    ['a cat', 'a cat', 'identical prompts'],
    [
      'a red ball and a blue gift',
      'a blue ball and a green gift',
      '2 edits: colour replaced: red → blue; colour replaced: blue → green',
    ],
    ['תפוח אדום', 'תפוח כחול', 'word replaced: אדום → כחול'],
    ['👩‍👩‍👧 and 🐱', '🐱 and 👩‍👩‍👧', 'words swapped: 👩‍👩‍👧 ↔ 🐱'],
  ])('%j and %j: %s', (a, b, expected) => {
    expect(describe1(a, b)).toBe(expected);
  });

  it.each([
    ['一只红苹果', '一只绿苹果', 'word replaced: 红 → 绿'],
    ['赤いりんごと猫', '青いりんごと猫', 'word replaced: 赤い → 青い'],
    ['แอปเปิ้ลสีแดง', 'แอปเปิ้ลสีเขียว', 'word replaced: แดง → เขียว'],
    ['一张iPhone照片', '一张Nokia照片', 'word replaced: iPhone → Nokia'],
    ['3个苹果', '4个苹果', 'count changed: 3 → 4'],
  ])('words of scripts without spaces, %j and %j: %s', (a, b, expected) => {
    expect(describe1(a, b)).toBe(expected);
  });

  it.each([
    ['a $5 note', 'a €5 note', 'word replaced: $ → €'],
    ['a C++ book', 'a C# book', 'word replaced: C++ → C#'],
    ['a + b', 'a - b', 'word replaced: + → -'],
    ['a sign with ←', 'a sign with →', 'word replaced: ← → →'],
    ['a flag 🇩🇪', 'a flag 🇫🇷', 'word replaced: 🇩🇪 → 🇫🇷'],
    ['🏴󠁧󠁢󠁥󠁮󠁧󠁿 flag', '🏴󠁧󠁢󠁳󠁣󠁴󠁿 flag', 'word replaced: 🏴󠁧󠁢󠁥󠁮󠁧󠁿 → 🏴󠁧󠁢󠁳󠁣󠁴󠁿'],
    ['a 👍🏻', 'a 👍🏿', 'word replaced: 👍🏻 → 👍🏿'],
    ['1️⃣ cat', '2️⃣ cat', 'word replaced: 1️⃣ → 2️⃣'],
    ['it’s red', "it's red", 'only case, spacing or punctuation differs'],
  ])('symbols and emoji are words, %j and %j: %s', (a, b, expected) => {
    expect(describe1(a, b)).toBe(expected);
  });

  it.each([
    ['a sign that says « HI »', 'a sign that says « HO »', 'text changed: « HI » → « HO »'],
    ['a sign that says 「HI」', 'a sign that says 『HO』', 'text changed: 「HI」 → 『HO』'],
    ["a sign that says 'HI YOU'", 'a sign that says ‘HO YOU’', "text changed: 'HI YOU' → ‘HO YOU’"],
    ['a sign that says „HI“', 'a sign that says ‚hi‘', 'only case, spacing or punctuation differs'],
    ['“a red apple”', '“a green apple”', 'colour replaced: red → green'],
    ["'a red apple'", '«a green apple».', 'colour replaced: red → green'],
  ])('quotation marks, %j and %j: %s', (a, b, expected) => {
    expect(describe1(a, b)).toBe(expected);
  });

  it('goes by what the model reads, where that is known', () => {
    const letters = (prompt: string) => Array.from(prompt.replace(/[^a-z]+/g, ' '), (one) => one.charCodeAt(0));
    const bytes = (prompt: string) => [...new TextEncoder().encode(prompt)];
    const by = (read: (prompt: string) => number[], a: string, b: string) => describeDiff(diffPrompts(a, b, read));
    expect(by(letters, 'a red-haired cat', 'a red haired cat')).toBe('only case, spacing or punctuation differs');
    expect(by(bytes, 'a red-haired cat', 'a red haired cat')).toContain('red-haired → haired');
    expect(by(bytes, 'a cat', 'A cat')).toBe('case, spacing or punctuation differs, and the model reads it');
    expect(by(letters, 'a $ cat', 'a € cat')).toBe('word replaced: $ → €; the model reads both as the same');
    expect(diffPrompts('a cat', 'a  cat').readsAlike).toBeNull();
  });

  it('does not see invisible characters or ways of writing the same letter', () => {
    expect(diffPrompts('a café', 'a cafe\u0301').edits[0]?.kind).toBe('form');
    expect(diffPrompts('a red cat', 'a re\u202Ed cat').edits[0]?.kind).toBe('form');
  });

  it('marks what the edit changes, with what follows from it', () => {
    expect(marked('an apple', 'two apples', 'b')).toBe('[two] [apples]');
    expect(marked('a cup', 'an apple', 'a')).toBe('[a] [cup]');
    expect(marked('a cup to the left of a ball', 'a cup to the right of a ball', 'b')).toBe(
      'a cup to the [right] of a ball',
    );
    expect(marked('a red apple', 'a cafe\u0301 apple', 'b')).toBe('a [cafe\u0301] apple');
    expect(diffPrompts('a red ball, a blue cup', 'a blue ball, a red cup').edits).toHaveLength(1);
  });
});

describe('any prompts', () => {
  const words = fc
    .array(
      fc.constantFrom(
        'a',
        'an',
        'red',
        'blue',
        'apple',
        'apples',
        'two',
        'is',
        'are',
        'not',
        'above',
        'to the left of',
        '"HI"',
        'x',
        '👩‍👩‍👧',
        '\u202E',
        'אב',
      ),
      { maxLength: 12 },
    )
    .map((list) => list.join(' '));
  const prompt = fc.oneof(words, fc.string({ unit: 'binary', maxLength: 40 }));

  it('gives gapless segments, ranges in order, and no edit only for identical prompts', () => {
    fc.assert(
      fc.property(prompt, prompt, (a, b) => {
        const { segments, edits, identical } = diffPrompts(a, b);
        expect(segments.a.map((part) => part.text).join('')).toBe(a);
        expect(segments.b.map((part) => part.text).join('')).toBe(b);
        expect(identical).toBe(a === b);
        expect(edits.length === 0).toBe(identical);
        for (const edit of edits) expect(edit.label).not.toBe('');
        for (const side of ['a', 'b'] as const) {
          let end = 0;
          for (const part of segments[side]) {
            expect(part.start).toBe(end);
            expect(part.end).toBeGreaterThan(part.start);
            end = part.end;
          }
        }
      }),
      { seed: 6, numRuns: 1000 },
    );
  });

  it('never cuts a user-perceived character', () => {
    const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });
    const unit = fc.constantFrom(
      ...[
        'a',
        ' ',
        '"',
        "'",
        '’',
        '«',
        '»',
        '-',
        '+',
        '5',
        '红',
        '苹',
        'り',
        'ก',
        'ำ',
        'é',
        'e\u0301',
        '\u0301',
        '\ud83d',
        '\udc69',
      ],
      ...[
        '👩',
        '\u200d',
        '🏿',
        '🇩',
        '🇪',
        '\ufe0f',
        '\u20e3',
        '\u0600',
        '\u202e',
        '\r',
        '\n',
        '각',
        '\u1100',
        '\u1161',
        'क',
        '\u094d',
      ],
    );
    const text = fc.oneof(
      fc.array(unit, { maxLength: 30 }).map((units) => units.join('')),
      fc.string({ unit: 'binary', maxLength: 30 }),
      fc.string({ unit: 'grapheme', maxLength: 300 }),
    );
    fc.assert(
      fc.property(text, text, (a, b) => {
        const diff = diffPrompts(a, b);
        expect(describeDiff(diff)).toEqual(expect.any(String));
        for (const [prompt, side] of [
          [a, 'a'],
          [b, 'b'],
        ] as const) {
          const ends = new Set(Array.from(graphemes.segment(prompt), ({ index }) => index).concat(prompt.length));
          for (const { start, end } of diff.edits.flatMap(({ ranges }) => ranges[side])) {
            expect(ends.has(start) && ends.has(end) && start < end).toBe(true);
          }
        }
      }),
      { numRuns: 1000 },
    );
  });

  it.each(['a', '"', "'", ' ', "a'", '红', '👩\u200d', '\u0301', '« ', '+', '\u200b', 'ก'])(
    'takes linear time for 200,000 characters of %j',
    (unit) => {
      const long = unit.repeat(200_000 / unit.length);
      const start = performance.now();
      diffPrompts(`x ${long}`, `y ${long} z`);
      expect(performance.now() - start).toBeLessThan(5000);
    },
  );

  it('is done soon for 10,000 characters', () => {
    const long = (seed: number, word: (i: number) => string) =>
      Array.from({ length: 10_000 }, (_, i) => word(i * seed + seed))
        .join(' ')
        .slice(0, 10_000);
    for (const word of [
      (i: number) => String.fromCharCode(97 + (i % 26)),
      (i: number) => `w${(i * 7919) % 5003}`,
      () => 'a',
      () => '"',
      () => '👩‍',
      () => "a'",
    ]) {
      const start = performance.now();
      diffPrompts(long(1, word), long(3, word));
      diffPrompts(long(1, word), `${long(1, word)} end`);
      diffPrompts(long(1, word).replaceAll(' ', ''), long(3, word).replaceAll(' ', ''));
      // Far above what it takes, far below what an unbounded comparison would.
      expect(performance.now() - start).toBeLessThan(3000);
    }
  });
});
