import { failure, type Result, success } from '@/lib/domain';
import { decodeBase64Url, encodeBase64Url } from './base64url';
import { decodeComparison, encodeComparison } from './codec';
import { type ComparisonError, comparisonErrors } from './errors';
import { type FoundLink, foundLinks, type Key, unwrapped } from './found-links';
import { decodeSheet, encodeSheet, type ModelSheet } from './sheet';
import type { Comparison } from './types';

/** Browsers and chat tools carry addresses of this length; longer ones are cut by some. */
export const LINK_CHARACTER_LIMIT = 32_000;

const TEXT_LIMIT = 100_000;
/** A bare text is taken for a link's content only if it could hold the smallest comparison. */
const BARE_MINIMUM = 32;

const fragmentOf = (
  key: Key,
  bytes: Uint8Array,
  tooLong: (characters: number, limit: number) => ComparisonError,
): Result<string, ComparisonError> => {
  const fragment = `#${key}=${encodeBase64Url(bytes)}`;
  return fragment.length > LINK_CHARACTER_LIMIT
    ? failure(tooLong(fragment.length, LINK_CHARACTER_LIMIT))
    : success(fragment);
};

/** The fragment `#c=...` to append to the page's address. */
export const encodeLink = (comparison: Comparison): Result<string, ComparisonError> => {
  const bytes = encodeComparison(comparison);
  return bytes.ok ? fragmentOf('c', bytes.value, comparisonErrors.linkTooLong) : bytes;
};

/** The fragment `#m=...` of a sheet. */
export const encodeSheetLink = (sheet: ModelSheet): Result<string, ComparisonError> => {
  const bytes = encodeSheet(sheet);
  return bytes.ok ? fragmentOf('m', bytes.value, comparisonErrors.sheetTooLong) : bytes;
};

/** Every sheet begins with it: the magic byte in base64url. */
const SHEET_BEGINS = 'TQ';

const decodeContent = <T>(
  content: string,
  decode: (bytes: Uint8Array) => Result<T, ComparisonError>,
): Result<T, ComparisonError> => {
  if (content === '') return failure(comparisonErrors.truncated());
  const decoded = decodeBase64Url(content);
  if (decoded === null) return failure(comparisonErrors.damagedLink());
  // A link may be cut off inside a byte; that it is truncated is the better answer then.
  const result = decode(decoded.bytes);
  return result.ok && !decoded.canonical ? failure(comparisonErrors.damagedLink()) : result;
};

export type Shared =
  | { readonly kind: 'comparison'; readonly comparison: Comparison }
  | { readonly kind: 'sheet'; readonly sheet: ModelSheet };

const decodeAs = (key: Key, content: string): Result<Shared, ComparisonError> => {
  if (key === 'm') {
    const sheet = decodeContent(content, decodeSheet);
    return sheet.ok ? success({ kind: 'sheet', sheet: sheet.value }) : sheet;
  }
  const comparison = decodeContent(content, decodeComparison);
  return comparison.ok ? success({ kind: 'comparison', comparison: comparison.value }) : comparison;
};

/** A found link's comparison; mail programs take a `-` or `_` at the end of a link for punctuation, so a lost one is put back. */
const openFound = ({ key, content, isBroken }: FoundLink): Result<Shared, ComparisonError> => {
  const whole = decodeAs(key, content);
  if (whole.ok) return whole;
  for (const last of ['-', '_']) {
    const mended = decodeAs(key, content + last);
    if (mended.ok) return mended;
  }
  return isBroken ? failure(comparisonErrors.damagedLink()) : whole;
};

/** A text with more whole links is read no further. */
const LINKS_LIMIT = 32;

/**
 * Takes the whole links, each once, out of any text: an address, a fragment with or without `#`, a link's content alone, or a message
 * that holds them, wrapped and escaped as other programs do. Where none is whole, says what is wrong with the first.
 */
export const decodeAllShared = (text: string): Result<readonly [Shared, ...Shared[]], ComparisonError> => {
  if (text.length > TEXT_LIMIT) return failure(comparisonErrors.textTooLong(TEXT_LIMIT));
  const plain = unwrapped(text);
  let problem: ComparisonError | null = null;
  const whole = new Map<string, Shared>();
  for (const link of foundLinks(plain)) {
    const opened = openFound(link);
    if (!opened.ok) problem ??= opened.error;
    else if (!whole.has(link.content)) whole.set(link.content, opened.value);
    if (whole.size === LINKS_LIMIT) break;
  }
  const [first, ...others] = whole.values();
  if (first !== undefined) return success([first, ...others]);
  if (problem !== null) return failure(problem);
  const bare = plain.replace(/\s+/g, '');
  if (bare.length < BARE_MINIMUM || !/^[\w-]+$/.test(bare)) return failure(comparisonErrors.notALink());
  const alone = openFound({ key: bare.startsWith(SHEET_BEGINS) ? 'm' : 'c', content: bare, isBroken: false });
  return alone.ok ? success([alone.value]) : alone;
};

/** As `decodeAllShared`, the first of them. */
export const decodeShared = (text: string): Result<Shared, ComparisonError> => {
  const all = decodeAllShared(text);
  return all.ok ? success(all.value[0]) : all;
};

/** As `decodeShared`, of links that hold one comparison. */
export const decodeLink = (text: string): Result<Comparison, ComparisonError> => {
  const shared = decodeShared(text);
  if (!shared.ok) return shared;
  return shared.value.kind === 'comparison'
    ? success(shared.value.comparison)
    : failure(comparisonErrors.unknownFormat());
};
