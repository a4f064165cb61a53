import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { promptNotes } from './prompt-limits';
import { parseVocabulary, type Vocabulary } from './vocabulary';

const object = (name: string, plural: string, takes: Partial<Vocabulary['objects'][number]> = {}) => ({
  name,
  plural,
  synonyms: [],
  takesColour: false,
  takesPattern: false,
  wears: false,
  ...takes,
});

const vocabulary: Vocabulary = {
  objects: [
    object('ball', 'balls', { takesColour: true, takesPattern: true, synonyms: ['football'] }),
    object('car', 'cars', { takesColour: true }),
    object('cat', 'cats', { wears: true }),
    object('rabbit', 'rabbits', { wears: true, synonyms: ['bunny'] }),
    object('tree', 'trees'),
  ],
  colours: ['red', 'blue', 'black'],
  counts: ['one', 'two', 'three', 'four', 'five'].map((word, i) => ({ word, value: i + 1 })),
  relations: { left: ['to the left of', 'left of', 'with … on its left'], above: ['above', 'over'] },
  sizes: { big: ['big', 'large'], small: ['small'] },
  patterns: { striped: ['striped'], dotted: ['dotted', 'spotted'] },
  accessories: ['hat', 'glasses'],
  styles: { sepia: ['a sepia photo of {}', '{} in sepia'], 'black and white': ['a black and white photo of {}'] },
  places: { snow: ['in the snow'] },
  joiningWords: ['and', 'with'],
  sign: { phrases: ['a sign that says "CAT"'], maxLetters: 4 },
  limits: { maxWords: 22, maxCount: 5, maxObjects: 3, untaught: [] },
  taught: [
    { objects: 1, aspects: ['colour', 'size'] },
    { objects: 1, aspects: ['colour', 'pattern'] },
    { objects: 1, aspects: ['accessory'] },
    { objects: 2, aspects: ['without'] },
    { objects: 3, aspects: ['colour'] },
    { objects: 2, aspects: ['colour', 'count'] },
    { objects: 2, aspects: ['colour', 'relation'] },
    { objects: 1, aspects: ['style'] },
    { objects: 2, aspects: ['place'] },
    { objects: 0, aspects: ['text', 'colour'] },
  ],
};
const texts = (prompt: string, of = vocabulary) => promptNotes(prompt, of).map(({ text }) => text);

describe('what goes beyond what the model was taught', () => {
  test.each([
    'a red ball',
    'two red balls and three cars',
    'a cat to the left of a tree',
    'a cat with a tree on its left',
    'a cat wearing a hat',
    'a cat with glasses',
    'a rabbit without a tree',
    'a black and white photo of a cat',
    'a cat in the snow',
    'a cat and a tree in the snow',
    'a red ball, blue car and a tree',
    'a striped blue ball',
    'a large red car',
    'a red sign that says "STOP"',
    "a sign that says 'GO'",
    '5 bunnies',
    'a zorblax in a frumious bandersnatch',
    '',
  ])('nothing to say of %j', (prompt) => {
    expect(texts(prompt)).toEqual([]);
  });

  test.each([
    ['seven cats', 'The model counts to five.'],
    ['6 cats', 'The model counts to five.'],
    ['three cats and four balls', 'It was taught pictures of at most five things; this asks for seven.'],
    ['a cat, a ball, a tree and a car', 'It was taught at most three kinds of things in one picture; this names four.'],
    ['a red tree', 'It was never taught a red tree: trees keep their own colours.'],
    ['a spotted cat', 'It was never taught a spotted cat: patterns go on things such as a ball.'],
    ['a car wearing a hat', 'It was taught a hat only on animals such as a cat or a rabbit.'],
    ['a sign that says "STOPS"', 'A sign holds at most four letters.'],
    ['a cat and "HI"', 'It was taught texts on signs only: a sign that says ….'],
    ['a cat beside a sign that says "HI"', 'It was taught signs alone in the picture, with nothing beside them.'],
    [
      'a sepia photo of a cat and a tree',
      'It was taught styles with a single kind of thing in the picture; this names two.',
    ],
    [
      'two cats, a ball and a tree',
      'It was taught counts with at most two kinds of things in the picture; this names three.',
    ],
    ['a red car in sepia', 'It was never taught colours and styles in one picture.'],
    ['two cats to the left of a tree', 'It was never taught counts and positions in one picture of two things.'],
    ['a big striped ball', 'It was never taught sizes and patterns in one picture.'],
  ])('%j: %s', (prompt, expected) => {
    expect(texts(prompt)).toEqual([expected]);
  });

  test('says where, and what could stand there instead', () => {
    const use = (prompt: string) => {
      const [note] = promptNotes(prompt, vocabulary);
      return note?.place ? prompt.slice(0, note.place.start) + note.instead + prompt.slice(note.place.end) : null;
    };
    expect(use('six red balls')).toBe('five red balls');
    expect(use('a sign that says “STOPS” on it')).toBe('a sign that says "STOP" on it');
    expect(promptNotes('a red tree', vocabulary)[0]).toMatchObject({ place: null, instead: null });
  });

  test('signs in other quotation marks, and prompts that are quoted as a whole', () => {
    expect(texts('a sign that says « STOPS »')).toEqual(['A sign holds at most four letters.']);
    expect(texts('« six cats »')).toEqual(['The model counts to five.']);
    expect(promptNotes('"six cats"', vocabulary)).toEqual([
      {
        text: 'Quotation marks around the whole prompt make the model read it letter by letter, as a sign.',
        place: { start: 0, end: 10 },
        instead: 'six cats',
      },
    ]);
  });

  test('without a list of what was taught together, only numbers, letters and objects are judged', () => {
    const plain = { ...vocabulary, taught: [] };
    expect(texts('a red car in sepia', plain)).toEqual([]);
    expect(texts('six cats', plain)).toEqual(['The model counts to five.']);
  });

  test('never fails, and places stay inside the prompt', () => {
    const word = fc.constantFrom(
      'a',
      'two',
      '9',
      'red',
      'striped',
      'cat',
      'ball',
      'without',
      '"HI"',
      '"HELLO',
      "'",
      ',',
      'hat',
      'in sepia',
      'above',
      'sign',
      '🎩',
      '\u202e',
    );
    fc.assert(
      fc.property(
        fc.array(word, { maxLength: 14 }).map((some) => some.join(' ')),
        (prompt) => {
          for (const { text, place } of promptNotes(prompt, vocabulary)) {
            expect(text).toMatch(/^[A-Z].*[.]$/);
            if (place) expect(prompt.slice(place.start, place.end)).not.toBe('');
          }
        },
      ),
    );
  });
});

describe('the vocabulary of the model that draws', () => {
  const models = new URL('../../public/models/', import.meta.url);
  const { default: folder } = JSON.parse(readFileSync(new URL('index.json', models), 'utf8')) as { default: string };
  const shipped = parseVocabulary(readFileSync(new URL(`${folder}/vocabulary.json`, models)));

  test('is within its own limits', () => {
    const [one] = shipped.objects.filter(({ takesColour }) => takesColour);
    const [sign] = shipped.sign.phrases;
    const plain = shipped.objects.flatMap(({ name, plural }) => [`a ${name}`, `two ${plural}`]);
    const phrased = [...Object.values(shipped.styles), ...Object.values(shipped.places)]
      .flat()
      .map((phrase) => (phrase.includes('{}') ? phrase.replace('{}', `a ${one?.name}`) : `a ${one?.name} ${phrase}`));
    for (const prompt of [
      ...plain,
      ...phrased,
      ...shipped.colours.map((colour) => `a ${colour} ${one?.name}`),
      sign ?? '',
    ])
      expect(texts(prompt, shipped), prompt).toEqual([]);
  });
});

test('a prompt of any length is read', () => {
  expect(promptNotes('a,'.repeat(200_000), vocabulary)).toEqual([]);
});

test('a vocabulary that is not one is named', () => {
  expect(() => parseVocabulary(new TextEncoder().encode('{"objects": 3}'))).toThrow(
    expect.objectContaining({
      code: 'model-damaged',
      data: expect.objectContaining({ file: 'vocabulary.json' }) as object,
    }) as Error,
  );
});
