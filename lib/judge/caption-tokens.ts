import { signs } from '@/lib/prompts';

/** A lower-cased word, or the letters of a segment in quotes as typed. */
export type CaptionToken = string | { readonly quoted: string };

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
  const words = (part: string) => {
    for (const word of part.toLowerCase().match(WORD) ?? []) tokens.push(word);
  };
  let end = 0;
  for (const { start, end: after, inner } of signs(text)) {
    words(text.slice(end, start));
    tokens.push({ quoted: text.slice(inner.start, inner.end) });
    end = after;
  }
  words(text.slice(end));
  return tokens;
}
