import { signs, wholeQuotation } from './quotations';
import { type Aspect, regularPlural, type Vocabulary, type VocabularyObject } from './vocabulary';

/** Something that a prompt asks for and the model was never taught; it is drawn all the same. */
export interface PromptNote {
  readonly text: string;
  /** What the note is about, where that is one place: UTF-16 offsets into the prompt. */
  readonly place: { readonly start: number; readonly end: number } | null;
  /** What could stand there instead. */
  readonly instead: string | null;
}

/** A run of words of the prompt that says one thing. */
type Claim = { readonly start: number; readonly end: number; readonly words: string } & (
  | { readonly kind: 'object'; readonly object: VocabularyObject; readonly plural: boolean }
  | { readonly kind: 'accessory'; readonly accessory: string }
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'text'; readonly letters: string }
  | { readonly kind: 'colour' | 'size' | 'pattern' | 'without' | 'relation' | 'style' | 'place' | 'article' | 'other' }
);

type Meaning = Claim extends infer One ? (One extends Claim ? Omit<One, 'start' | 'end' | 'words'> : never) : never;

const NUMERALS = [
  'zero',
  'one',
  'two',
  'three',
  'four',
  'five',
  'six',
  'seven',
  'eight',
  'nine',
  'ten',
  'eleven',
  'twelve',
];
const numeral = (value: number): string => NUMERALS[value] ?? String(value);
const article = (word: string): string => (/^[aeio]|^u(?!ni|fo)/.test(word) ? 'an' : 'a');

const split = (phrase: string): string => (phrase.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []).join(' ');
/** The fixed words of a phrasing such as `a line drawing of {}` or `with … on its left`, without the article. */
const fixedWords = (phrase: string): string =>
  split(phrase.split(/\{\}|…/).sort((a, b) => b.length - a.length)[0] ?? '').replace(/^(?:an?|with) /, '');

/** Everything that the vocabulary gives a meaning to, by its words. */
const meanings = (vocabulary: Vocabulary): ReadonlyMap<string, Meaning> => {
  const known = new Map<string, Meaning>();
  const add = (phrases: readonly string[], meaning: Meaning) => {
    for (const phrase of phrases) if (phrase !== '' && !known.has(phrase)) known.set(phrase, meaning);
  };
  const flat = (group: Readonly<Record<string, readonly string[]>>) => Object.values(group).flat().map(fixedWords);
  add(flat(vocabulary.styles).concat(Object.keys(vocabulary.styles).map(split)), { kind: 'style' });
  add(flat(vocabulary.places), { kind: 'place' });
  add(flat(vocabulary.relations), { kind: 'relation' });
  for (const object of vocabulary.objects) {
    add([object.name, ...object.synonyms].map(split), { kind: 'object', object, plural: false });
    add([object.plural, ...object.synonyms.map(regularPlural)].map(split), { kind: 'object', object, plural: true });
  }
  for (const accessory of vocabulary.accessories) add([accessory], { kind: 'accessory', accessory });
  add(vocabulary.colours, { kind: 'colour' });
  add(flat(vocabulary.sizes), { kind: 'size' });
  add(flat(vocabulary.patterns), { kind: 'pattern' });
  add(['without'], { kind: 'without' });
  add(['a', 'an', 'the'], { kind: 'article' });
  NUMERALS.forEach((word, value) => add([word], { kind: 'number', value }));
  return known;
};

const LONGEST_PHRASE = 6;
const WORDS = /[\p{L}\p{N}]+|[,;]/gu;

/** What the prompt says, phrase by phrase, the longest known phrase first. */
const claims = (prompt: string, known: ReadonlyMap<string, Meaning>): Claim[] => {
  const piecesOf = (from: number, to: number) =>
    Array.from(prompt.slice(from, to).matchAll(WORDS), (match) => ({
      start: from + match.index,
      end: from + match.index + match[0].length,
      word: match[0].toLowerCase(),
      letters: undefined as string | undefined,
    }));
  let done = 0;
  const untilLastSign = signs(prompt).flatMap(({ start, end, inner }) => {
    const before = piecesOf(done, start);
    done = end;
    const word = prompt.slice(start, end).toLowerCase();
    return [...before, { start, end, word, letters: prompt.slice(inner.start, inner.end) }];
  });
  const pieces = [...untilLastSign, ...piecesOf(done, prompt.length)];
  const found: Claim[] = [];
  for (let index = 0; index < pieces.length;) {
    const first = pieces[index]!;
    if (first.letters !== undefined) {
      found.push({ ...first, words: first.word, kind: 'text', letters: first.letters });
      index += 1;
      continue;
    }
    let length = Math.min(LONGEST_PHRASE, pieces.length - index);
    const phrase = () =>
      pieces
        .slice(index, index + length)
        .map(({ word }) => word)
        .join(' ');
    while (length > 1 && !known.has(phrase())) length -= 1;
    const words = phrase();
    const place = { start: first.start, end: pieces[index + length - 1]!.end, words };
    const value = /^\d{1,6}$/.test(words) ? Number(words) : null;
    found.push({ ...place, ...(value === null ? (known.get(words) ?? { kind: 'other' }) : { kind: 'number', value }) });
    index += length;
  }
  return found;
};

const nouns: Readonly<Record<Aspect, string>> = {
  colour: 'colours',
  size: 'sizes',
  pattern: 'patterns',
  accessory: 'things to wear',
  without: '“without”',
  count: 'counts',
  relation: 'positions',
  style: 'styles',
  place: 'places',
  text: 'signs',
};

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
const suchAs = (objects: readonly VocabularyObject[]): string =>
  objects
    .slice(0, 2)
    .map(({ name }) => `${article(name)} ${name}`)
    .join(' or ');

/** The first thing about the combination of aspects that was never taught; null where it was. */
const untaughtCombination = (kinds: number, aspects: ReadonlySet<Aspect>, { taught }: Vocabulary): string | null => {
  const all = [...aspects];
  const covers = (some: readonly Aspect[]) =>
    taught.some((line) => line.objects >= kinds && some.every((aspect) => line.aspects.includes(aspect)));
  if (taught.length === 0 || covers(all)) return null;
  const alone = all.find((aspect) => !covers([aspect]));
  if (alone === 'text') return 'It was taught signs alone in the picture, with nothing beside them.';
  if (alone !== undefined) {
    const most = Math.max(...taught.filter(({ aspects: some }) => some.includes(alone)).map(({ objects }) => objects));
    return `It was taught ${nouns[alone]} with ${most === 1 ? 'a single kind of thing' : `at most ${numeral(most)} kinds of things`} in the picture; this names ${numeral(kinds)}.`;
  }
  const [one, other] =
    all.flatMap((a, i) => all.slice(i + 1).map((b) => [a, b] as const)).find((pair) => !covers(pair)) ?? [];
  if (one !== undefined && other !== undefined)
    return `It was never taught ${nouns[one]} and ${nouns[other]} in one picture${kinds > 1 ? ` of ${numeral(kinds)} things` : ''}.`;
  return `It was never taught ${all.map((aspect) => nouns[aspect]).join(', ')} all in one picture.`;
};

/**
 * What a prompt asks for beyond what the model was taught, as far as the vocabulary's words tell. For people: nothing that is drawn depends on it.
 */
export function promptNotes(prompt: string, vocabulary: Vocabulary): PromptNote[] {
  const whole = wholeQuotation(prompt);
  if (whole?.isTaught) {
    const { start, end, inner } = whole;
    const text = 'Quotation marks around the whole prompt make the model read it letter by letter, as a sign.';
    return [{ text, place: { start, end }, instead: prompt.slice(inner.start, inner.end) }];
  }
  const { limits, objects } = vocabulary;
  const notes: PromptNote[] = [];
  const note = (text: string, claim: Claim | null = null, instead: string | null = null) =>
    notes.push({ text, place: claim === null ? null : { start: claim.start, end: claim.end }, instead });

  const aspects = new Set<Aspect>();
  const kinds = new Set<VocabularyObject>();
  let things = 0;
  /** What was said of the object that is to come. */
  let number: (Claim & { kind: 'number' }) | null = null;
  let adjectives: Claim[] = [];
  let last: VocabularyObject | null = null;
  let isAbsent = false;
  let hasSign = false;

  for (const claim of claims(prompt, meanings(vocabulary))) {
    switch (claim.kind) {
      case 'article':
        continue;
      case 'number':
        number = claim;
        if (claim.value > limits.maxCount)
          note(`The model counts to ${numeral(limits.maxCount)}.`, claim, numeral(limits.maxCount));
        if (claim.value > 1) aspects.add('count');
        continue;
      case 'colour':
      case 'size':
      case 'pattern':
        adjectives.push(claim);
        aspects.add(claim.kind);
        continue;
      case 'object': {
        const { object, plural } = claim;
        kinds.add(object);
        if (!isAbsent) things += Math.max(number?.value ?? 1, plural && number === null ? 2 : 1);
        last = object;
        for (const adjective of adjectives) {
          const called = `${article(adjective.words)} ${adjective.words} ${object.name}`;
          if (adjective.kind === 'colour' && !object.takesColour)
            note(`It was never taught ${called}: ${object.plural} keep their own colours.`);
          if (adjective.kind === 'pattern' && !object.takesPattern) {
            note(
              `It was never taught ${called}: patterns go on things such as ${suchAs(objects.filter(({ takesPattern }) => takesPattern))}.`,
            );
          }
        }
        isAbsent = false;
        break;
      }
      case 'accessory':
        aspects.add('accessory');
        if (last?.wears !== true)
          note(
            `It was taught ${claim.accessory === 'glasses' ? 'glasses' : `${article(claim.accessory)} ${claim.accessory}`} only on animals such as ${suchAs(objects.filter(({ wears }) => wears))}.`,
          );
        break;
      case 'text': {
        if (hasSign) aspects.add('text');
        const letters = [...claim.letters];
        const { maxLetters, phrases } = vocabulary.sign;
        if (letters.length > maxLetters)
          note(
            `A sign holds at most ${numeral(maxLetters)} letters.`,
            claim,
            `"${letters.slice(0, maxLetters).join('')}"`,
          );
        if (!hasSign && phrases[0] !== undefined)
          note(`It was taught texts on signs only: ${phrases[0].replace(/"[^"]*"/, '…')}.`);
        break;
      }
      case 'without':
        isAbsent = true;
        aspects.add('without');
        break;
      case 'relation':
      case 'style':
      case 'place':
        aspects.add(claim.kind);
        break;
      case 'other':
        hasSign ||= claim.words === 'sign' || claim.words === 'signs';
        break;
    }
    number = null;
    adjectives = [];
  }

  const tooMany = things > limits.maxCount && !notes.some(({ instead }) => instead === numeral(limits.maxCount));
  if (tooMany)
    note(`It was taught pictures of at most ${numeral(limits.maxCount)} things; this asks for ${numeral(things)}.`);
  if (kinds.size > limits.maxObjects) {
    note(
      `It was taught at most ${numeral(limits.maxObjects)} kinds of things in one picture; this names ${numeral(kinds.size)}.`,
    );
  } else if (kinds.size > 0 || aspects.has('text')) {
    const combination = untaughtCombination(kinds.size, aspects, vocabulary);
    if (combination !== null) note(combination);
  }
  const seen = new Set<string>();
  return notes
    .map((one) => ({ ...one, text: capital(one.text) }))
    .filter(({ text }) => !seen.has(text) && seen.add(text));
}
