import { editDistance, signs } from '@/lib/prompts';
import * as z from '@/lib/schema';
import { parseModelJson } from './model-json';

const id = z.number().check(z.int(), z.gte(0));

/** As manifests have it. */
const MAX_PREFIX = 4096;

const textSchema = z.object({
  prefixLength: id.check(z.gte(2), z.lte(MAX_PREFIX)),
  special: z.object({ pad: id, bos: id, boi: id, unk: id, quote: id }),
  letters: z.record(z.string(), z.union([id, z.array(id).check(z.minLength(1))])),
  words: z.record(z.string(), id),
});

/** `text.json`: the words, letters and special tokens that a model knows, with their text ids. */
export interface TextVocabulary {
  readonly prefixLength: number;
  readonly special: {
    readonly pad: number;
    readonly bos: number;
    readonly boi: number;
    readonly unk: number;
    readonly quote: number;
  };
  /** The ids of a letter at the first, second, ... place of a quoted text; beyond the last one it is unknown. */
  readonly letters: ReadonlyMap<string, readonly number[]>;
  readonly words: ReadonlyMap<string, number>;
}

/** Reads `text.json`; throws `model-damaged` when it is not one. */
export function parseTextVocabulary(bytes: Uint8Array): TextVocabulary {
  const { prefixLength, special, letters, words } = parseModelJson(bytes, 'text.json', textSchema);
  // A single number is the letter's id at every place.
  const places = (ids: number | number[]) => (typeof ids === 'number' ? Array<number>(prefixLength).fill(ids) : ids);
  const placed = Object.entries(letters).map(([letter, ids]) => [letter, places(ids)] as const);
  return { prefixLength, special, letters: new Map(placed), words: new Map(Object.entries(words)) };
}

/** A word of a prompt that the model does not know; `start` and `end` are UTF-16 offsets into the prompt as typed. */
export interface UnknownWord {
  readonly word: string;
  readonly start: number;
  readonly end: number;
  /** The known word nearest by edit distance, if one is near enough to be what was meant. */
  readonly nearest: string | null;
}

export interface PromptReading {
  /** Text ids of the words, without bos, pads and boi; at most prefixLength - 2. */
  readonly ids: readonly number[];
  /** Those among the words that the model reads. */
  readonly unknown: readonly UnknownWord[];
  /** Words (or quoted letters) cut off because the prompt is longer than the model reads. */
  readonly truncatedWords: number;
  /** UTF-16 offset into the prompt up to which the model reads it. */
  readonly readTo: number;
}

/** Control and format characters, bidirectional ones included; white space is kept as a separator. */
const INVISIBLE = /[\p{Cc}\p{Cf}]/u;
const WORDS = /[\p{L}\p{N}]+/gu;
interface Character {
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

/**
 * The prompt in normal form (NFKC, without control and bidirectional characters), each character with its place in what was typed.
 * Normalises one base character with its combining marks at a time, so that places stay known.
 */
function* normalise(prompt: string): Generator<Character> {
  const clusters = /[\s\S]\p{M}*/gu;
  for (const match of prompt.matchAll(clusters)) {
    const start = match.index;
    const end = start + match[0].length;
    for (const text of match[0].normalize('NFKC')) {
      if (/\s/u.test(text)) yield { text: ' ', start, end };
      else if (!INVISIBLE.test(text)) yield { text, start, end };
    }
  }
}

/** How far a known word may be from an unknown one to be offered. */
const reach = (word: string) => Math.max(1, Math.floor([...word].length / 3));

/** Endings that make another form of a word: doggy, reddish, piglet, birdlike. */
const ENDING = /^.?(?:(?:y|ie)s?|ish|lets?|lings?|like|e?s|ed)$/u;

/** Everyday words that lie far from the known word that says nearly the same. */
const RELATED: ReadonlyMap<string, string> = new Map(
  Object.entries({
    cat: 'kitten kitty',
    dog: 'puppy hound',
    rabbit: 'hare',
    pig: 'piglet hog',
    cow: 'bull calf',
    horse: 'pony',
    mouse: 'rat',
    lion: 'lioness',
    car: 'automobile vehicle',
    plane: 'aeroplane jet aircraft',
    train: 'locomotive',
    truck: 'lorry',
    rocket: 'spaceship',
    house: 'home building',
    tree: 'oak',
    gift: 'parcel box',
    tulip: 'flower',
    book: 'novel',
    cup: 'mug coffee tea',
    shirt: 'tshirt',
    bag: 'purse',
    fire: 'blaze',
    phone: 'smartphone',
    glasses: 'sunglasses spectacles',
    crown: 'tiara',
    bow: 'ribbon',
    red: 'crimson scarlet',
    yellow: 'gold golden',
    green: 'lime olive',
    blue: 'navy azure cyan turquoise',
    purple: 'violet lilac indigo',
    pink: 'magenta',
    black: 'dark',
    big: 'giant enormous gigantic',
    small: 'miniature mini',
    striped: 'stripes stripy',
    dotted: 'dots spots',
    above: 'atop',
    grass: 'lawn field',
    beach: 'seaside sand',
    snow: 'snowy winter',
    night: 'midnight',
    sunset: 'dusk evening',
    chalk: 'crayon',
    drawing: 'sketch illustration',
    photo: 'photograph',
  }).flatMap(([known, words]) => words.split(' ').map((word) => [word, known])),
);

/**
 * The known word that was probably meant by `word`: nearest by edit distance, else the one that it is a form of, else one that says
 * nearly the same. Among equals the one with the same first letter, then one that is not shorter, then the first of
 * the vocabulary. Null if none is near.
 */
export function nearestWord(word: string, vocabulary: TextVocabulary): string | null {
  const related = RELATED.get(word);
  if (related !== undefined && vocabulary.words.has(related)) return related;
  // A number is not another word misspelt.
  if (/^\d+$/.test(word)) return null;
  let best: string | null = null;
  let limit = reach(word);
  const score = (known: string) => (known[0] === word[0] ? 0 : 2) + (known.length < word.length ? 1 : 0);
  for (const known of vocabulary.words.keys()) {
    // Digits and one-letter words are near to everything short.
    if (known.length === 1 || /\d/.test(known)) continue;
    const distance = editDistance(word, known, limit);
    if (distance < limit || (distance === limit && (best === null || score(known) < score(best)))) {
      best = known;
      limit = distance;
    }
  }
  return (
    best ??
    [...vocabulary.words.keys()].find(
      (known) => known.length > 2 && word.startsWith(known) && ENDING.test(word.slice(known.length)),
    ) ??
    null
  );
}

/** Text beyond this many characters is not read at all; far more than any prefix holds. */
const MAX_CHARACTERS = 100_000;

/**
 * Reads a prompt the way the model does (docs/model-layout.md, "Text"). Never fails: unknown words become the unknown token and
 * are reported, words past the prefix are counted.
 */
export function readPrompt(prompt: string, vocabulary: TextVocabulary): PromptReading {
  const { special, letters, words } = vocabulary;
  const ids: number[] = [];
  const unknown: UnknownWord[] = [];
  const room = vocabulary.prefixLength - 2;

  const characters = [...normalise(prompt.slice(0, MAX_CHARACTERS))];
  const text = characters.map((character) => character.text).join('');
  /** The character at each UTF-16 offset of `text`. */
  const at = characters.flatMap((character) => Array<Character>(character.text.length).fill(character));
  const placeOf = (start: number, end: number) => ({ start: at[start]!.start, end: at[end - 1]!.end });

  let readTo = Math.min(prompt.length, MAX_CHARACTERS);
  const push = (id: number, start: number) => {
    if (ids.length === room) readTo = at[start]!.start;
    ids.push(id);
  };
  /** The id of a word or letter; an unknown one is reported if the model gets to read it. */
  const take = (known: number | undefined, start: number, end: number, word: string, nearest: () => string | null) => {
    if (known === undefined && ids.length < room) unknown.push({ word, ...placeOf(start, end), nearest: nearest() });
    push(known ?? special.unk, start);
  };
  const takeWords = (from: number, to: number) => {
    for (const match of text.slice(from, to).matchAll(WORDS)) {
      const word = match[0].toLowerCase();
      const start = from + match.index;
      take(words.get(word), start, start + match[0].length, word, () => nearestWord(word, vocabulary));
    }
  };
  const lastPlace = Math.max(0, ...[...letters.values()].map((places) => places.length));
  const takeLetters = (from: number, inside: string) => {
    let offset = from;
    for (const [place, character] of [...inside].entries()) {
      // Unknown because of its place, not because of what it is: no word is to be named.
      if (place < lastPlace)
        take(letters.get(character.toUpperCase())?.[place], offset, offset + character.length, character, () => null);
      else push(special.unk, offset);
      offset += character.length;
    }
  };

  let end = 0;
  for (const { start, end: after, inner } of signs(text)) {
    takeWords(end, start);
    push(special.quote, start);
    takeLetters(inner.start, text.slice(inner.start, inner.end));
    push(special.quote, after - 1);
    end = after;
  }
  takeWords(end, text.length);

  return { ids: ids.slice(0, room), unknown, truncatedWords: Math.max(0, ids.length - room), readTo };
}

/**
 * The prefix of one lane as graph ids (`codes` + text id): `[bos, words..., pad..., boi]`, always prefixLength long. Without words
 * it is the unconditional prefix.
 */
export function prefixIds(words: readonly number[], vocabulary: TextVocabulary, codes: number): number[] {
  const { prefixLength, special } = vocabulary;
  const prefix = new Array<number>(prefixLength).fill(codes + special.pad);
  prefix[0] = codes + special.bos;
  words.slice(0, prefixLength - 2).forEach((word, i) => {
    prefix[i + 1] = codes + word;
  });
  prefix[prefixLength - 1] = codes + special.boi;
  return prefix;
}
