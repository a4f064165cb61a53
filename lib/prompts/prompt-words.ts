import { phraseAt, type Subject, subjectOf } from './lexicon';

/** UTF-16 offsets, end exclusive. */
export interface Range {
  readonly start: number;
  readonly end: number;
}

/** A word, an emoji, a quoted text, or a position, style or place of several words such as `to the left of`. */
export interface PromptWord extends Range {
  /** Equal for words that say the same: compatibility forms, case and invisible characters do not count. */
  readonly key: string;
  readonly subject: Subject | 'text';
  /** The single words it is made of; one but for phrases. */
  readonly parts: readonly (Range & { readonly key: string })[];
}

// Quoted text | emoji with its modifiers and joiners | flag | word with marks, joined by apostrophe or hyphen.
const pieces =
  /["“”][^"“”]*["“”]|\p{Extended_Pictographic}(?:\p{Emoji_Modifier}|\uFE0F|\u200D\p{Extended_Pictographic})*|\p{Regional_Indicator}{2}|[\p{L}\p{N}][\p{L}\p{N}\p{M}\p{Cf}]*(?:['’-][\p{L}\p{N}][\p{L}\p{N}\p{M}\p{Cf}]*)*/gu;

const isQuoted = (piece: string): boolean => /^["“”]/.test(piece);

const keyOf = (piece: string): string => {
  const normal = piece.normalize('NFKC').replace(/[\p{Cf}\p{Cc}]/gu, '');
  return isQuoted(piece) ? `"${normal.slice(1, -1).toUpperCase()}"` : normal.toLowerCase();
};

/** The words of a prompt in order. What is between them (spaces, punctuation) says nothing to the model. */
export const promptWords = (prompt: string): PromptWord[] => {
  const parts = Array.from(prompt.matchAll(pieces), (match) => ({
    start: match.index,
    end: match.index + match[0].length,
    key: keyOf(match[0]),
  }));
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
