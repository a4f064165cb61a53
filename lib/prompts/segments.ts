/** V8 walks a whole string for each segment, so long texts are cut in windows of this many UTF-16 units. */
const WINDOW = 256;

const segmenter = (granularity: 'grapheme' | 'word'): Intl.Segmenter | null =>
  'Segmenter' in Intl ? new Intl.Segmenter('en', { granularity }) : null;

/** Where segments start, in order. A window's last segment may go on behind it, so that the next window begins with it. */
function startsBy({ segment }: { readonly segment: (text: string) => Iterable<{ index: number }> }, text: string) {
  const starts: number[] = [];
  for (let from = 0, size = WINDOW; from < text.length;) {
    // A window ends with no half of a surrogate pair.
    const end = from + size + ((text.codePointAt(from + size - 1) ?? 0) > 0xffff ? 1 : 0);
    const isLast = end >= text.length;
    const found = Array.from(segment(text.slice(from, end)), ({ index }) => from + index);
    const next = isLast ? text.length : found.pop()!;
    for (const start of found) starts.push(start);
    // One segment that fills the window asks for a larger one.
    size = next === from ? 2 * size : WINDOW;
    from = next;
  }
  return starts;
}

/** Without Intl.Segmenter: flags, emoji sequences, characters with their marks. */
const GRAPHEME =
  /\r\n|\p{Regional_Indicator}{2}|\p{Extended_Pictographic}[\p{M}\p{Emoji_Modifier}]*(?:\u200d\p{Extended_Pictographic}[\p{M}\p{Emoji_Modifier}]*)*|\P{M}?[\p{M}\p{Emoji_Modifier}\u200c\u200d]+|[^]/gu;

/** Below U+0300 nothing combines. */
const SIMPLE = /^[\0-\u02ff]*$/;

/** UTF-16 offsets at which user-perceived characters (UAX 29 grapheme clusters) start, and the text's length at the end. */
export function graphemeStarts(text: string): number[] {
  const by = segmenter('grapheme');
  const starts = SIMPLE.test(text)
    ? Array.from(text, (_, index) => index)
    : by === null
      ? Array.from(text.matchAll(GRAPHEME), ({ index }) => index)
      : startsBy({ segment: (window) => by.segment(window) }, text);
  starts.push(text.length);
  return starts;
}

/**
 * UTF-16 offsets at which words start in a text of a script that writes no spaces between them; without Intl.Segmenter every
 * character counts as one.
 */
export function wordStarts(text: string): ReadonlySet<number> {
  const by = segmenter('word');
  return new Set(by === null ? graphemeStarts(text) : startsBy({ segment: (window) => by.segment(window) }, text));
}
