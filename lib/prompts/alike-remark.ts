import type { Pair } from '@/lib/domain';
import { type NamedEdit, type PromptDiff, shorten } from './prompt-diff';
import type { Range } from './prompt-words';
import { signs } from './quotations';

/** What a model makes of a prompt; offsets are UTF-16. */
export interface Reading {
  readonly ids: readonly number[];
  /** Places of words that it does not know. */
  readonly unknown?: readonly Range[];
  /** Up to where it reads the prompt. */
  readonly readTo?: number;
}

type Reason = 'cut' | 'unknown' | 'letters' | 'skipped';

const reasons: Readonly<Record<Reason, (words: string) => string>> = {
  unknown: (words) => `it does not know ${words}`,
  cut: (words) => `it stops reading before ${words}`,
  letters: (words) => `of ${words} it reads the first letters only`,
  skipped: (words) => `it does not read ${words}`,
};

const overlap = (x: Range, y: Range): boolean => x.start < y.end && y.start < x.end;

const listed = new Intl.ListFormat('en', { type: 'conjunction' });
const MAX_WORDS = 4;

const nameWords = (words: ReadonlySet<string>): string => {
  const shown = [...words].slice(0, MAX_WORDS).map((word) => `“${shorten(word)}”`);
  const more = words.size - shown.length;
  return listed.format(more > 0 ? [...shown, `${more} more`] : shown);
};

/**
 * Why a model reads two different prompts as the same, in one sentence that names the words; null where it does not or where that is
 * not known. Show it in a bidirectional isolate: it quotes the prompts.
 */
export function alikeRemark(
  { identical, readsAlike, edits }: Pick<PromptDiff, 'identical' | 'readsAlike' | 'edits'>,
  prompts: Pair<string>,
  readings: Pair<Reading>,
): string | null {
  if (identical || readsAlike !== true) return null;
  const start = 'The model reads both prompts as the same';
  const isForm = edits.every(({ kind }: NamedEdit) => kind === 'form');
  if (isForm) return `${start}: only case, spacing or punctuation differs.`;
  const found = new Map<Reason, Set<string>>();
  for (const side of ['a', 'b'] as const) {
    const { unknown = [], readTo = Infinity } = readings[side];
    const quoted = signs(prompts[side]);
    for (const range of edits.flatMap(({ ranges }) => ranges[side])) {
      const reason: Reason =
        range.start >= readTo
          ? 'cut'
          : unknown.some((word) => overlap(word, range))
            ? 'unknown'
            : quoted.some((text) => overlap(text, range))
              ? 'letters'
              : 'skipped';
      const words = found.get(reason) ?? new Set();
      found.set(reason, words.add(prompts[side].slice(range.start, range.end)));
    }
  }
  return `${start}: ${Array.from(found, ([reason, words]) => reasons[reason](nameWords(words))).join('; ')}.`;
}
