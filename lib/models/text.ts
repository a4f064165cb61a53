import * as z from 'zod';
import { editDistance } from './edit-distance';
import { ModelError } from './errors';
import './zod-without-eval';

const id = z.number().int().min(0);

const textSchema = z.object({
  prefixLength: id.min(2),
  special: z.object({ pad: id, bos: id, boi: id, unk: id, quote: id }),
  letters: z.record(z.string(), id),
  words: z.record(z.string(), id),
});

/** `text.json`: the words, letters and special tokens that a model knows, with their text ids. */
export interface TextVocabulary {
  readonly prefixLength: number;
  readonly special: { readonly pad: number; readonly bos: number; readonly boi: number; readonly unk: number; readonly quote: number };
  readonly letters: ReadonlyMap<string, number>;
  readonly words: ReadonlyMap<string, number>;
}

/** Reads `text.json`; throws `model-damaged` when it is not one. */
export function parseTextVocabulary(bytes: Uint8Array): TextVocabulary {
  try {
    const { prefixLength, special, letters, words } = textSchema.parse(JSON.parse(new TextDecoder().decode(bytes)));
    return { prefixLength, special, letters: new Map(Object.entries(letters)), words: new Map(Object.entries(words)) };
  } catch (cause) {
    throw new ModelError('model-damaged', { file: 'text.json', detail: 'it does not describe a vocabulary' }, { cause });
  }
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
}

const QUOTES = new Set(['"', '\u201c', '\u201d', '\u201e', '\u201f']);
/** Control and format characters, bidirectional ones included; white space is kept as a separator. */
const INVISIBLE = /[\p{Cc}\p{Cf}]/u;
const WORD = /^[\p{L}\p{N}]$/u;

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

/** The known word nearest to `word`; among equals the first of the vocabulary. Null if none is near. */
export function nearestWord(word: string, vocabulary: TextVocabulary): string | null {
  let best: string | null = null;
  let limit = reach(word);
  for (const known of vocabulary.words.keys()) {
    const distance = editDistance(word, known, limit);
    if (distance < limit || (distance === limit && best === null)) {
      best = known;
      limit = distance;
    }
  }
  return best;
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
  let quoted = false;
  let word: Character[] = [];

  const room = vocabulary.prefixLength - 2;
  /** The id of a word or letter; an unknown one is reported if the model gets to read it. */
  const take = (known: number | undefined, characters: readonly Character[], text: string, nearest: () => string | null) => {
    if (known === undefined && ids.length < room) {
      unknown.push({ word: text, start: characters[0]!.start, end: characters.at(-1)!.end, nearest: nearest() });
    }
    ids.push(known ?? special.unk);
  };
  const closeWord = () => {
    if (word.length === 0) return;
    const text = word.map((c) => c.text).join('').toLowerCase();
    take(words.get(text), word, text, () => nearestWord(text, vocabulary));
    word = [];
  };

  const characters = [...normalise(prompt.slice(0, MAX_CHARACTERS))];
  const lastQuote = characters.findLastIndex((character) => QUOTES.has(character.text));
  characters.forEach((character, index) => {
    if (QUOTES.has(character.text)) {
      // A lone quotation mark at the end opens nothing: it is a separator.
      if (!quoted && index === lastQuote) return closeWord();
      closeWord();
      quoted = !quoted;
      ids.push(special.quote);
    } else if (quoted) {
      take(letters.get(character.text.toUpperCase()), [character], character.text, () => null);
    } else if (WORD.test(character.text)) {
      word.push(character);
    } else {
      closeWord();
    }
  });
  closeWord();

  return { ids: ids.slice(0, room), unknown, truncatedWords: Math.max(0, ids.length - room) };
}

/**
 * The prefix of one lane as graph ids (`codes` + text id): `[bos, words..., pad..., boi]`, always prefixLength long. Without words
 * it is the unconditional prefix.
 */
export function prefixIds(words: readonly number[], vocabulary: TextVocabulary, codes: number): BigInt64Array {
  const { prefixLength, special } = vocabulary;
  const prefix = new BigInt64Array(prefixLength).fill(BigInt(codes + special.pad));
  prefix[0] = BigInt(codes + special.bos);
  words.slice(0, prefixLength - 2).forEach((word, i) => {
    prefix[i + 1] = BigInt(codes + word);
  });
  prefix[prefixLength - 1] = BigInt(codes + special.boi);
  return prefix;
}
