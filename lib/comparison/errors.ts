/**
 * Why a comparison could not be read or written. A closed set: every code has one sentence for people and
 * one way on.
 */
export type ComparisonErrorCode =
  /** The text holds no comparison at all. */
  | 'not-a-link'
  /** A container or file of some other kind. */
  | 'unknown-format'
  | 'truncated'
  | 'damaged'
  | 'too-new'
  /** Readable, but not the one way of writing this comparison. */
  | 'not-canonical'
  | 'too-large'
  /** A value out of its range; `path` names it. */
  | 'invalid';

export interface ComparisonError {
  readonly code: ComparisonErrorCode;
  /** One sentence that says what is wrong. */
  readonly message: string;
  /** One sentence that says what to do about it. */
  readonly hint: string;
  /** The offending item, e.g. `tokens.a[17]`. */
  readonly path?: string;
}

const askForWholeLink = 'Ask for the link again, or for the comparison.json file.';

export const comparisonErrors = {
  notALink: (): ComparisonError => ({
    code: 'not-a-link',
    message: 'This text does not hold a comparison.',
    hint: 'Paste a whole link (it contains “#c=” or “#m=”), or open a comparison.json file.',
  }),
  unknownFormat: (): ComparisonError => ({
    code: 'unknown-format',
    message: 'This link was not made by Pairscope, or its beginning is damaged.',
    hint: askForWholeLink,
  }),
  unknownFile: (): ComparisonError => ({
    code: 'unknown-format',
    message: 'This file is not a comparison.',
    hint: 'Choose a comparison.json that was downloaded from Pairscope.',
  }),
  truncated: (): ComparisonError => ({
    code: 'truncated',
    message: 'This link was cut off: its end is missing.',
    hint: askForWholeLink,
  }),
  damagedLink: (): ComparisonError => ({
    code: 'damaged',
    message: 'This link is damaged: its checksum does not match.',
    hint: askForWholeLink,
  }),
  damagedFile: (): ComparisonError => ({
    code: 'damaged',
    message: 'This file is damaged or cut off: it is not valid JSON.',
    hint: 'Download the comparison again.',
  }),
  tooNew: (what: 'link' | 'file', version: number): ComparisonError => ({
    code: 'too-new',
    message: `This ${what} was made by a newer Pairscope (format ${version}).`,
    hint: 'Reload the page or update Pairscope, then open it again.',
  }),
  notCanonical: (): ComparisonError => ({
    code: 'not-canonical',
    message: 'This link is not written the way Pairscope writes links, so it is refused.',
    hint: askForWholeLink,
  }),
  linkTooLong: (characters: number, limit: number): ComparisonError => ({
    code: 'too-large',
    message: `This comparison needs a link of ${characters} characters; the limit is ${limit}.`,
    hint: 'Share comparison.json instead, or shorten the prompts.',
  }),
  sheetTooLong: (characters: number, limit: number): ComparisonError => ({
    code: 'too-large',
    message: `These two comparisons need a link of ${characters} characters; the limit is ${limit}.`,
    hint: 'Open each of them in the bench and share it there, or shorten the prompts.',
  }),
  textTooLong: (limit: number): ComparisonError => ({
    code: 'too-large',
    message: `This is longer than any comparison (${limit} characters at most).`,
    hint: 'Paste one link only, or open a comparison.json file.',
  }),
  fileTooLarge: (limit: number): ComparisonError => ({
    code: 'too-large',
    message: `This file is larger than any comparison (${limit / 1_000_000} MB at most).`,
    hint: 'Choose a comparison.json that was downloaded from Pairscope.',
  }),
  invalid: (path: string, problem: string): ComparisonError => ({
    code: 'invalid',
    message: path === '' ? `The comparison ${problem}.` : `In the comparison, ${path} ${problem}.`,
    hint: 'Correct this value, or use an unaltered comparison.',
    path,
  }),
} as const;
