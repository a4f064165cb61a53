import { phraseAt, type Subject, subjectOf } from './lexicon';
import { quotations } from './quotations';
import { graphemeStarts, wordStarts } from './segments';

/** UTF-16 offsets, end exclusive. */
export interface Range {
  readonly start: number;
  readonly end: number;
}

/** A word, a symbol, an emoji, a quoted text, or a position, style or place of several words such as `to the left of`. */
export interface PromptWord extends Range {
  /** Equal for words that say the same: compatibility forms, case and invisible characters do not count. */
  readonly key: string;
  readonly subject: Subject | 'text';
  /** The single words it is made of; one but for phrases. */
  readonly parts: readonly (Range & { readonly key: string })[];
}

const normal = (text: string): string =>
  text
    .normalize('NFKC')
    .replace(/[\p{Cf}\p{Cc}]/gu, '')
    .replace(/[\u2018\u2019\u02bc]/g, "'")
    .replaceAll('\u2010', '-');

type Kind = 'letter' | 'unspaced' | 'symbol' | 'joiner' | 'invisible' | 'between' | 'quoted';

/** Scripts that write no spaces between words. */
const UNSPACED =
  /\p{scx=Han}|\p{scx=Hiragana}|\p{scx=Katakana}|\p{scx=Thai}|\p{scx=Lao}|\p{scx=Khmer}|\p{scx=Myanmar}/u;

/** What a user-perceived character is in a prompt. */
const kindOf = (grapheme: string): Kind => {
  if (/^[a-z0-9]$/i.test(grapheme)) return 'letter';
  if (/^\s/u.test(grapheme)) return 'between';
  if (/[\p{L}\p{N}]/u.test(grapheme)) return UNSPACED.test(grapheme) ? 'unspaced' : 'letter';
  if (/[\p{S}\p{Extended_Pictographic}#%&@*]/u.test(grapheme)) return 'symbol';
  if (/^['’\u02bc\uff07\u2010\u2011-]/u.test(grapheme)) return 'joiner';
  return /^[\p{Cf}\p{Cc}]+$/u.test(grapheme) ? 'invisible' : 'between';
};

const isLetter = (kind: Kind | undefined): boolean => kind === 'letter' || kind === 'unspaced';

type Part = Range & { readonly key: string };

/** The last index of an ascending list at which it holds at most `value`. */
const lastAtMost = (list: readonly number[], value: number): number => {
  let low = 0;
  for (let high = list.length - 1; low < high;) {
    const middle = Math.ceil((low + high) / 2);
    if (list[middle]! <= value) low = middle;
    else high = middle - 1;
  }
  return low;
};

/** The single words, symbols and quoted texts of a prompt. Their ends are ends of user-perceived characters. */
function promptParts(prompt: string): Part[] {
  const starts = graphemeStarts(prompt);
  const offset = (index: number): number => starts[index] ?? prompt.length;
  const grapheme = (index: number): string => prompt.slice(offset(index), offset(index + 1));
  const count = starts.length - 1;
  const kinds = Array.from({ length: count }, (_, index) => kindOf(grapheme(index)));
  const quoted = quotations(prompt).map(({ start, end, inner }) => {
    const from = lastAtMost(starts, start);
    let to = from;
    while (offset(to) < end) kinds[to++] = 'quoted';
    return { to, key: `"${normal(prompt.slice(inner.start, inner.end)).toUpperCase()}"` };
  });
  const parts: Part[] = [];
  const add = (from: number, to: number, key = normal(prompt.slice(offset(from), offset(to))).toLowerCase()): void => {
    if (to > from) parts.push({ start: offset(from), end: offset(to), key });
  };

  /** One past the run of letters from `index` on, joined by apostrophes, hyphens and invisible characters; `C++` and `C#` are whole. */
  const endOfRun = (index: number): number => {
    let end = index + 1;
    for (;;) {
      let next = end;
      while (kinds[next] === 'invisible') next++;
      if (kinds[next] === 'joiner' && kinds[end - 1] === 'letter' && kinds[next + 1] === 'letter') next++;
      if (!isLetter(kinds[next])) break;
      end = next + 1;
    }
    let suffix = end;
    while (kinds[end - 1] === 'letter' && kinds[suffix] === 'symbol' && /^[+#]$/.test(grapheme(suffix))) suffix++;
    return isLetter(kinds[suffix]) ? end : suffix;
  };
  /** Adds the words of a run of letters, in which scripts without spaces are cut by their dictionaries. */
  const addRun = (from: number, to: number): void => {
    for (let start = from; start < to;) {
      const kind = kinds[start];
      let end = start + 1;
      while (end < to && (kinds[end] === 'unspaced') === (kind === 'unspaced')) end++;
      if (kind === 'unspaced') {
        const words = wordStarts(prompt.slice(offset(start), offset(end)));
        let word = start;
        for (let index = start + 1; index < end; index++) {
          if (!words.has(offset(index) - offset(start))) continue;
          add(word, index);
          word = index;
        }
        add(word, end);
      } else if (kinds.slice(start, end).some(isLetter)) add(start, end);
      start = end;
    }
  };

  const texts = quoted.values();
  for (let index = 0; index < count;) {
    const kind = kinds[index];
    let end = index + 1;
    if (kind === 'quoted') {
      const text = texts.next().value!;
      end = text.to;
      add(index, end, text.key);
    } else if (isLetter(kind)) {
      end = endOfRun(index);
      addRun(index, end);
    } else if (kind === 'symbol') {
      // The invisible characters of an emoji tell it from others.
      add(index, end, grapheme(index).normalize('NFKC'));
    } else if (kind === 'joiner' && normal(grapheme(index)) === '-') add(index, end);
    index = end;
  }
  return parts;
}

/** The words of a prompt in order. What is between them is spaces and punctuation. */
export const promptWords = (prompt: string): PromptWord[] => {
  const parts = promptParts(prompt);
  const keys = parts.map((part) => part.key);
  const words: PromptWord[] = [];
  for (let index = 0; index < parts.length;) {
    const phrase = phraseAt(keys, index);
    const own = parts.slice(index, index + (phrase?.length ?? 1));
    const key = own.map((part) => part.key).join(' ');
    words.push({
      start: own[0]?.start ?? 0,
      end: own.at(-1)?.end ?? 0,
      key,
      subject: key.startsWith('"') ? 'text' : (phrase?.subject ?? subjectOf(key)),
      parts: own,
    });
    index += own.length;
  }
  return words;
};
