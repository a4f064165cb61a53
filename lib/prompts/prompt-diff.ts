import type { Pair } from '@/lib/domain';
import { alignWords, type Change } from './align-words';
import { differInAgreement, differInNumber, isArticle, isCount, isNegation, type Subject } from './lexicon';
import { type PromptWord, promptWords, type Range } from './prompt-words';

export type EditKind =
  /** Two things changed places; one edit with two places on each side. */
  | 'swap'
  | 'replacement'
  | 'count'
  | 'position'
  | 'negation'
  | 'insertion'
  | 'deletion'
  /** Other letters inside quotation marks. */
  | 'text'
  /** Only case, spacing or punctuation. */
  | 'form';

export interface NamedEdit {
  readonly kind: EditKind;
  readonly subject: Subject | 'text';
  /** e.g. `colours swapped`, `count changed`, `inserted` */
  readonly label: string;
  /** As written in prompt A; empty for an insertion. Of a swap: the one that comes first in A. */
  readonly from: string;
  /** As written in prompt B; empty for a deletion. Of a swap: the one that comes second in A. */
  readonly to: string;
  /** What to mark in each prompt, in order. */
  readonly ranges: Pair<readonly Range[]>;
}

/** A stretch of a prompt; the segments of a prompt are gapless and in order. */
export interface PromptSegment extends Range {
  readonly text: string;
  /** Index of the edit that the stretch belongs to; null where both prompts say the same. */
  readonly edit: number | null;
}

export interface PromptDiff {
  /** Whether the prompts are equal character by character. */
  readonly identical: boolean;
  /** Whether the model reads both prompts as the same tokens; null where its reading is not known. */
  readonly readsAlike: boolean | null;
  readonly edits: readonly NamedEdit[];
  readonly segments: Pair<readonly PromptSegment[]>;
}

/** One or more changes that make one edit, the first of which names it. */
interface EditGroup {
  readonly named: readonly Change[];
  /** Changes that only follow from it: a plural, `an` for `a`, `are` for `is`. */
  readonly folded: Change[];
}

const firstKey = (words: readonly PromptWord[]): string => words[0]?.key ?? '';
const keysOf = (words: readonly PromptWord[]): string => words.map((word) => word.key).join(' ');
const isReplacement = (change: Change): boolean => change.a.length > 0 && change.b.length > 0;
const isSingle = (change: Change): boolean => change.a.length === 1 && change.b.length === 1;

const isArticleChange = (change: Change): boolean =>
  isSingle(change) && isArticle(firstKey(change.a)) && isArticle(firstKey(change.b));
/** `a hat` became `glasses`: the article goes with the word that it stood before. */
const isLoneArticle = (change: Change): boolean =>
  change.a.length + change.b.length === 1 && isArticle(firstKey(change.a.length === 1 ? change.a : change.b));
const isAgreement = (change: Change): boolean =>
  isSingle(change) &&
  (differInNumber(firstKey(change.a), firstKey(change.b)) || differInAgreement(firstKey(change.a), firstKey(change.b)));
const isCountChange = (change: Change): boolean =>
  isSingle(change) && !isArticleChange(change) && isCount(firstKey(change.a)) && isCount(firstKey(change.b));

/** How far back a plural looks for the count that asked for it, and how far ahead `an` looks for its word. */
const PLURAL_REACH = 5;
const AGREEMENT_REACH = 8;
const ARTICLE_REACH = 2;

/** Joins insertions (or deletions) that stand next to each other. */
const joinNeighbours = (changes: readonly Change[]): Change[] => {
  const joined: Change[] = [];
  for (const change of changes) {
    const last = joined.at(-1);
    const touches =
      last !== undefined &&
      last.indexA + last.a.length === change.indexA &&
      last.indexB + last.b.length === change.indexB &&
      ((last.a.length === 0 && change.a.length === 0) || (last.b.length === 0 && change.b.length === 0));
    if (touches) joined[joined.length - 1] = { ...last, a: [...last.a, ...change.a], b: [...last.b, ...change.b] };
    else joined.push(change);
  }
  return joined;
};

/** Lets an insertion (or deletion) begin with its article: `[a photo of] a dog`, not `a [photo of a] dog`. */
const slideToArticle = (changes: readonly Change[], a: readonly PromptWord[], b: readonly PromptWord[]): Change[] =>
  changes.map((change, index) => {
    const { indexA, indexB } = change;
    const own = change.a.length === 0 ? change.b : change.a;
    const [beforeA, beforeB] = [a[indexA - 1], b[indexB - 1]];
    const before = changes[index - 1];
    const isFree =
      before === undefined || (before.indexA + before.a.length < indexA && before.indexB + before.b.length < indexB);
    const last = own.at(-1);
    if (isReplacement(change) || own.length < 2 || !isFree || !last || !isArticle(last.key)) return change;
    if (beforeA?.key !== last.key || beforeB?.key !== last.key) return change;
    const slid =
      change.a.length === 0
        ? { a: [], b: [beforeB, ...own.slice(0, -1)] }
        : { a: [beforeA, ...own.slice(0, -1)], b: [] };
    return { ...slid, indexA: indexA - 1, indexB: indexB - 1 };
  });

/** Puts each change that only follows from another under the one it follows from. */
const foldChanges = (changes: readonly Change[]): EditGroup[] => {
  const groups = new Map<Change, EditGroup>();
  for (const change of changes) groups.set(change, { named: [change], folded: [] });
  const fold = (change: Change, into: Change | undefined): void => {
    const target = into && groups.get(into);
    if (!target) return;
    target.folded.push(change);
    groups.delete(change);
  };
  changes.forEach((change, index) => {
    if (isAgreement(change)) {
      const isPlural = differInNumber(firstKey(change.a), firstKey(change.b));
      // A noun follows its count; a verb may stand on either side of it (`there is one`, `one apple is`).
      const near = changes.slice(Math.max(0, index - AGREEMENT_REACH), index + AGREEMENT_REACH).filter((other) => {
        const distance = change.indexA - other.indexA;
        return (
          isCountChange(other) &&
          (isPlural ? distance > 0 && distance <= PLURAL_REACH : Math.abs(distance) <= AGREEMENT_REACH)
        );
      });
      fold(change, isPlural ? near.at(-1) : near[0]);
    } else if (isArticleChange(change) || isLoneArticle(change)) {
      const next = changes[index + 1];
      if (next && next.indexA - change.indexA <= ARTICLE_REACH && next.indexB - change.indexB <= ARTICLE_REACH)
        fold(change, next);
    }
  });
  return [...groups.values()];
};

const swapKey = (change: Change): string => `${keysOf(change.a)}\u0000${keysOf(change.b)}`;
const swappedKey = (change: Change): string => `${keysOf(change.b)}\u0000${keysOf(change.a)}`;

const joinSwaps = (groups: readonly EditGroup[]): EditGroup[] => {
  const open = new Map<string, number[]>();
  const result: (EditGroup | null)[] = [];
  for (const group of groups) {
    const [change] = group.named;
    const partner = change && isReplacement(change) ? open.get(swappedKey(change))?.shift() : undefined;
    const first = partner === undefined ? undefined : result[partner];
    if (change && first && partner !== undefined) {
      result[partner] = { named: [...first.named, change], folded: [...first.folded, ...group.folded] };
      continue;
    }
    if (change) open.set(swapKey(change), [...(open.get(swapKey(change)) ?? []), result.length]);
    result.push(group);
  }
  return result.filter((group) => group !== null);
};

/**
 * Neighbouring replacements as one, where that makes them half of a swap: `a red apple and a blue cup` and
 * `a blue cup and a red apple` swap two things, not two colours and two objects.
 */
const joinSwappedRuns = (changes: readonly Change[]): Change[] => {
  const runs: Change[][] = [];
  for (const change of changes) {
    const last = runs.at(-1)?.at(-1);
    if (
      last &&
      isSingle(last) &&
      isSingle(change) &&
      last.indexA + 1 === change.indexA &&
      last.indexB + 1 === change.indexB
    ) {
      runs.at(-1)?.push(change);
    } else runs.push([change]);
  }
  const whole = runs.map((run): Change | null => {
    const [first] = run;
    return first && run.length > 1
      ? { ...first, a: run.flatMap((one) => one.a), b: run.flatMap((one) => one.b) }
      : null;
  });
  const keys = new Set(whole.flatMap((change) => (change ? [swapKey(change)] : [])));
  return runs.flatMap((run, index) => {
    const change = whole[index];
    return change && keys.has(swappedKey(change)) ? [change] : run;
  });
};

/** Leaves out the words that two positions share: `to the left of` and `to the right of` differ in one. */
const differingRanges = (change: Change): Pair<Range | null> => {
  const partsA = change.a.flatMap((word) => word.parts);
  const partsB = change.b.flatMap((word) => word.parts);
  let head = 0;
  while (head < Math.min(partsA.length, partsB.length) - 1 && partsA[head]?.key === partsB[head]?.key) head++;
  let tail = 0;
  while (
    tail < Math.min(partsA.length, partsB.length) - head - 1 &&
    partsA.at(-1 - tail)?.key === partsB.at(-1 - tail)?.key
  )
    tail++;
  const range = (parts: typeof partsA): Range | null => {
    const first = parts[head];
    const last = parts.at(-1 - tail);
    return first && last ? { start: first.start, end: last.end } : null;
  };
  return { a: range(partsA), b: range(partsB) };
};

const plurals: Readonly<Record<Subject | 'text', string>> = {
  colour: 'colours',
  count: 'counts',
  object: 'objects',
  position: 'positions',
  style: 'styles',
  appearance: 'appearances',
  accessory: 'accessories',
  place: 'places',
  size: 'sizes',
  pattern: 'patterns',
  word: 'words',
  text: 'texts',
};

/** The subject of the words that carry the meaning: articles and unknown words do not decide. */
const subjectOfWords = (words: readonly PromptWord[]): Subject | 'text' => {
  const telling = words.filter((word) => word.subject !== 'word' && !isArticle(word.key)).map((word) => word.subject);
  if (telling.includes('object')) return 'object';
  return telling[0] ?? 'word';
};

const subjectOfChange = (change: Change): Subject | 'text' => {
  const a = subjectOfWords(change.a);
  const b = subjectOfWords(change.b);
  if (change.a.length === 0) return b;
  if (change.b.length === 0) return a;
  // One word that is in no list takes its kind from the other: `red` for `vermilion` replaces a colour.
  return a === b || b === 'word' ? a : a === 'word' ? b : 'word';
};

/** What is one thing however many words say it: `a line drawing of`, `wearing a hat`. */
const namedWhole: ReadonlySet<Subject | 'text'> = new Set(['style', 'place', 'accessory']);

const nameChange = (change: Change): Pick<NamedEdit, 'kind' | 'subject' | 'label'> => {
  const subject = subjectOfChange(change);
  const negatesA = change.a.some((word) => isNegation(word.key));
  const negatesB = change.b.some((word) => isNegation(word.key));
  if (negatesA !== negatesB && change.a.length <= 2 && change.b.length <= 2) {
    return { kind: 'negation', subject, label: negatesB ? 'negated' : 'negation removed' };
  }
  if (!isReplacement(change)) {
    const verb = change.a.length === 0 ? 'inserted' : 'deleted';
    const isOne = change.a.length + change.b.length === 1;
    const isNamed = isOne
      ? subject !== 'word' && subject !== 'appearance' && subject !== 'position'
      : namedWhole.has(subject);
    return {
      kind: change.a.length === 0 ? 'insertion' : 'deletion',
      subject,
      label: isNamed ? `${subject} ${verb}` : verb,
    };
  }
  if (isCountChange(change) || isAgreement(change)) return { kind: 'count', subject: 'count', label: 'count changed' };
  if (subject === 'text') return { kind: 'text', subject, label: 'text changed' };
  if (subject === 'position') return { kind: 'position', subject, label: 'position changed' };
  const isPhrase = subject === 'word' && change.a.length + change.b.length > 2;
  return { kind: 'replacement', subject, label: `${isPhrase ? 'words' : subject} replaced` };
};

const byStart = (x: Range, y: Range): number => x.start - y.start;

const nameEdit = (group: EditGroup, prompts: Pair<string>): NamedEdit | null => {
  const [first, second] = group.named;
  if (!first) return null;
  const own = differingRanges(first);
  const ranges = [own, ...[...group.named.slice(1), ...group.folded].map(differingRanges)];
  const cut = (prompt: string, range: Range | null): string => (range ? prompt.slice(range.start, range.end) : '');
  const subject = subjectOfChange(first);
  return {
    ...(second ? { kind: 'swap', subject, label: `${plurals[subject]} swapped` } : nameChange(first)),
    from: cut(prompts.a, own.a),
    to: cut(prompts.b, own.b),
    ranges: {
      a: ranges.flatMap((range) => range.a ?? []).sort(byStart),
      b: ranges.flatMap((range) => range.b ?? []).sort(byStart),
    },
  };
};

const segment = (prompt: string, marks: readonly (Range & { readonly edit: number })[]): PromptSegment[] => {
  const segments: PromptSegment[] = [];
  const add = (start: number, end: number, edit: number | null): void => {
    if (end > start) segments.push({ start, end, text: prompt.slice(start, end), edit });
  };
  let position = 0;
  for (const mark of [...marks].sort(byStart)) {
    add(position, mark.start, null);
    add(mark.start, mark.end, mark.edit);
    position = mark.end;
  }
  add(position, prompt.length, null);
  return segments;
};

const areEqual = (a: readonly number[], b: readonly number[]): boolean =>
  a.length === b.length && a.every((id, index) => id === b[index]);

/** The letters, digits, symbols and marks of a prompt, in one case. */
const bare = (prompt: string): string =>
  prompt
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\p{M}\p{S}\p{Extended_Pictographic}#%&@*]/gu, '');

const formEdit = (readsAlike: boolean | null): NamedEdit => ({
  kind: 'form',
  subject: 'word',
  label:
    readsAlike === false
      ? 'case, spacing or punctuation differs, and the model reads it'
      : 'only case, spacing or punctuation differs',
  from: '',
  to: '',
  ranges: { a: [], b: [] },
});

/**
 * What distinguishes two prompts, word by word, each edit named. Case, spacing and punctuation do not count as words. `read` gives
 * the token ids that the model makes of a prompt: words that it reads alike however they are joined are no edit.
 * Linear time for prompts of any length; ranges are UTF-16 offsets between user-perceived characters.
 */
export const diffPrompts = (a: string, b: string, read?: (prompt: string) => readonly number[]): PromptDiff => {
  const prompts = { a, b };
  const readsAlike = a === b || (read ? areEqual(read(a), read(b)) : null);
  const words = { a: promptWords(a), b: promptWords(b) };
  const changes = slideToArticle(joinNeighbours(joinSwappedRuns(alignWords(words.a, words.b))), words.a, words.b);
  const named = joinSwaps(foldChanges(changes)).flatMap((group) => nameEdit(group, prompts) ?? []);
  const isForm = a !== b && (named.length === 0 || (readsAlike === true && bare(a) === bare(b)));
  const edits = isForm ? [formEdit(readsAlike)] : named;
  const marks = (side: 'a' | 'b') =>
    edits.flatMap((edit, index) => edit.ranges[side].map((range) => ({ ...range, edit: index })));
  return {
    identical: a === b,
    readsAlike,
    edits,
    segments: { a: segment(a, marks('a')), b: segment(b, marks('b')) },
  };
};

const SHORT = 40;

/** At most SHORT characters, never half of a surrogate pair. */
export const shorten = (text: string): string => {
  const characters = Array.from(text.slice(0, 4 * SHORT));
  return text.length <= SHORT ? text : `${characters.slice(0, SHORT - 1).join('')}…`;
};

/** One line, e.g. `colours swapped: red ↔ blue`. Show it in a bidirectional isolate: it quotes the prompts. */
export const describeEdit = ({ kind, label, from, to }: NamedEdit): string => {
  const [was, is] = [shorten(from), shorten(to)];
  switch (kind) {
    case 'form':
      return label;
    case 'swap':
      return `${label}: ${was} ↔ ${is}`;
    default:
      return `${label}: ${was === '' || is === '' ? was + is : `${was} → ${is}`}`;
  }
};

/** All edits in one line: `identical prompts`, the one edit, or how many and what they are. */
export const describeDiff = ({
  identical,
  readsAlike,
  edits,
}: Pick<PromptDiff, 'identical' | 'readsAlike' | 'edits'>): string => {
  const [first] = edits;
  if (identical || !first) return 'identical prompts';
  const alike = readsAlike === true && first.kind !== 'form' ? '; the model reads both as the same' : '';
  if (edits.length === 1) return describeEdit(first) + alike;
  const shown = edits.slice(0, 3).map(describeEdit).join('; ');
  return `${edits.length} edits: ${shown}${edits.length > 3 ? '; …' : ''}${alike}`;
};
