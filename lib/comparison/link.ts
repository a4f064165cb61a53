import { failure, type Result, success } from '@/lib/domain';
import { decodeBase64Url, encodeBase64Url } from './base64url';
import { decodeComparison, encodeComparison } from './codec';
import { type ComparisonError, comparisonErrors } from './errors';
import { decodeSheet, encodeSheet, type ModelSheet } from './sheet';
import type { Comparison } from './types';

/** Browsers and chat tools carry addresses of this length; longer ones are cut by some. */
export const LINK_CHARACTER_LIMIT = 32_000;

const TEXT_LIMIT = 100_000;
/** A bare text is taken for a link's content only if it could hold the smallest comparison. */
const BARE_MINIMUM = 32;

/** What a link may hold, by the letter in its fragment: `#c=...` a comparison, `#m=...` model against model. */
type Key = 'c' | 'm';

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

/** The content of a link, and the letter before it; null for a bare content. */
const contentOf = (text: string): { readonly key: Key | null; readonly content: string } | null => {
  // Mail and chat tools wrap long lines and put brackets, quotes or a full stop around an address.
  const joined = text.replace(/[\s\u200B\u2060\uFEFF]+/g, '');
  const keyed = /(?:^#?|#|%23)([cm])(?:=|%3D)([^&#]*)/i.exec(joined);
  if (keyed)
    return {
      key: keyed[1]?.toLowerCase() === 'm' ? 'm' : 'c',
      content: (keyed[2] ?? '').replace(/[^A-Za-z0-9_-]+$/, ''),
    };
  return /^[A-Za-z0-9_-]+$/.test(joined) && joined.length >= BARE_MINIMUM ? { key: null, content: joined } : null;
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

/** Takes a whole link from any address, a fragment with or without `#`, or its content alone. */
export const decodeShared = (text: string): Result<Shared, ComparisonError> => {
  if (text.length > TEXT_LIMIT) return failure(comparisonErrors.textTooLong(TEXT_LIMIT));
  const found = contentOf(text);
  if (found === null) return failure(comparisonErrors.notALink());
  if (found.key === 'm' || (found.key === null && found.content.startsWith(SHEET_BEGINS))) {
    const sheet = decodeContent(found.content, decodeSheet);
    return sheet.ok ? success({ kind: 'sheet', sheet: sheet.value }) : sheet;
  }
  const comparison = decodeContent(found.content, decodeComparison);
  return comparison.ok ? success({ kind: 'comparison', comparison: comparison.value }) : comparison;
};

/** As `decodeShared`, of links that hold one comparison. */
export const decodeLink = (text: string): Result<Comparison, ComparisonError> => {
  const shared = decodeShared(text);
  if (!shared.ok) return shared;
  return shared.value.kind === 'comparison'
    ? success(shared.value.comparison)
    : failure(comparisonErrors.unknownFormat());
};
