/** A lower-cased word, or the letters of a segment in quotes as typed. */
export type CaptionToken = string | { readonly quoted: string };

const DOUBLE = '"\u201c\u201d\u201e\u201f';
// Double quotes, curly single quotes, and straight single quotes that stand like quotes and not like apostrophes.
const SEGMENT = new RegExp(
  `[${DOUBLE}]([^${DOUBLE}]*)[${DOUBLE}]|\u2018([^\u2018\u2019]*)\u2019|(?:\\s|^)'([^'\\s](?:[^']*[^'\\s])?)'(?=[\\s.,;:!?)]|$)`,
  'gu',
);
const WORD = /[\p{L}\p{N}]+/gu;

/** NFKC without control and format (bidirectional) characters. */
const normalise = (text: string) =>
  text
    .normalize('NFKC')
    .replace(/[\t\n\r]/gu, ' ')
    .replace(/[\p{Cc}\p{Cf}]/gu, '');

/** Cuts a caption as the model's text tokenizer does. */
export function captionTokens(caption: string): CaptionToken[] {
  const text = normalise(caption);
  const tokens: CaptionToken[] = [];
  const words = (part: string) => tokens.push(...(part.toLowerCase().match(WORD) ?? []));
  let end = 0;
  for (const match of text.matchAll(SEGMENT)) {
    words(text.slice(end, match.index));
    tokens.push({ quoted: match[1] ?? match[2] ?? match[3] ?? '' });
    end = match.index + match[0].length;
  }
  words(text.slice(end));
  return tokens;
}
