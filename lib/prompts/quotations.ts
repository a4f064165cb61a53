/** A stretch in quotation marks; UTF-16 offsets, end exclusive. */
export interface Quotation {
  readonly start: number;
  readonly end: number;
  /** What stands between the marks; of marks that are set off by spaces («\u00a0HI\u00a0») without these. */
  readonly inner: { readonly start: number; readonly end: number };
  /** Whether the marks are among those that the training captions were read with. */
  readonly isTaught: boolean;
}

const DOUBLE = '"\u201c\u201d\u201e\u201f\uff02';
const SINGLE = "'\uff07";
const between = (open: string, close: string, no = '') => `[${open}]([^${open}${close}${no}]*)[${close}]`;
/** Marks that are apostrophes too open at the start or after a space, and close before a space, punctuation or the end. */
const standing = (mark: string) =>
  `(?<=\\s|^)[${mark}]([^${mark}\\s](?:[^${mark}]*[^${mark}\\s])?)[${mark}](?=[\\s.,;:!?)]|$)`;

const TAUGHT = [between(DOUBLE, DOUBLE), between('\u2018', '\u2019'), standing(SINGLE)];
/** They quote nothing in which one of the others stands, which has always been read. */
const OTHERS = [
  ...['«»', '»«', '‹›', '›‹', '「」', '｢｣', '『』', '\u301d\u301e', '\u301d\u301f', '❝❞', '❛❜'].map(
    ([open = '', close = '']) => between(open, close, `${DOUBLE}\u2018`),
  ),
  between('\u201a\u201b', '\u2018\u2019', DOUBLE),
  standing('\u2019'),
];
const QUOTED = new RegExp([...TAUGHT, ...OTHERS].join('|'), 'gu');

const quotationsFrom = (text: string, from: number, to: number): Quotation[] =>
  Array.from(text.slice(from, to).matchAll(QUOTED), (match) => {
    const start = from + match.index;
    const end = start + match[0].length;
    const form = match.slice(1).findIndex((group) => group !== undefined);
    const isTaught = form < TAUGHT.length;
    const inside = match[form + 1] ?? '';
    const head = isTaught ? 0 : inside.length - inside.trimStart().length;
    const tail = isTaught ? 0 : inside.trim() === '' ? 0 : inside.length - inside.trimEnd().length;
    return { start, end, inner: { start: start + 1 + head, end: end - 1 - tail }, isTaught };
  });

/** The quotation that the whole prompt is, but for punctuation at its end; null for any other prompt. */
export function wholeQuotation(prompt: string): Quotation | null {
  const start = prompt.length - prompt.trimStart().length;
  const [first] = quotationsFrom(prompt, start, prompt.length).slice(0, 1);
  return first?.start === start && /^[\s.,;:!?…。]*$/u.test(prompt.slice(first.end)) ? first : null;
}

/** The texts that a prompt quotes, in order. A prompt that is quoted as a whole is itself no such text. */
export function quotations(prompt: string): readonly Quotation[] {
  const inner = wholeQuotation(prompt)?.inner;
  return quotationsFrom(prompt, inner?.start ?? 0, inner?.end ?? prompt.length);
}

/**
 * The texts that an embedded model and its judge read letter by letter. Marks of the training captions always quote: what was drawn
 * with them stays as it was.
 */
export function signs(prompt: string): readonly Quotation[] {
  const whole = wholeQuotation(prompt);
  return whole?.isTaught ? [whole] : quotations(prompt);
}
