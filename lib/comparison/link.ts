import { decodeBase64Url, encodeBase64Url } from './base64url';
import { decodeComparison, encodeComparison } from './codec';
import { comparisonErrors, type ComparisonError } from './errors';
import { failure, success, type Result } from './result';
import type { Comparison } from './types';

/** Browsers and chat tools carry addresses of this length; longer ones are cut by some. */
export const LINK_CHARACTER_LIMIT = 32_000;

const TEXT_LIMIT = 100_000;
/** A bare text is taken for a link's content only if it could hold the smallest comparison. */
const BARE_MINIMUM = 32;

/** The fragment `#c=...` to append to the page's address. */
export const encodeLink = (comparison: Comparison): Result<string, ComparisonError> => {
  const bytes = encodeComparison(comparison);
  if (!bytes.ok) return bytes;
  const fragment = `#c=${encodeBase64Url(bytes.value)}`;
  return fragment.length > LINK_CHARACTER_LIMIT
    ? failure(comparisonErrors.linkTooLong(fragment.length, LINK_CHARACTER_LIMIT))
    : success(fragment);
};

const contentOf = (text: string): string | null => {
  // Mail and chat tools wrap long lines and put brackets, quotes or a full stop around an address.
  const joined = text.replace(/[\s\u200B\u2060\uFEFF]+/g, '');
  const keyed = /(?:^#?|#|%23)c(?:=|%3D)([^&#]*)/i.exec(joined);
  if (keyed) return (keyed[1] ?? '').replace(/[^A-Za-z0-9_-]+$/, '');
  return /^[A-Za-z0-9_-]+$/.test(joined) && joined.length >= BARE_MINIMUM ? joined : null;
};

/** Takes a whole link from any address, a fragment with or without `#`, or its content alone. */
export const decodeLink = (text: string): Result<Comparison, ComparisonError> => {
  if (text.length > TEXT_LIMIT) return failure(comparisonErrors.textTooLong(TEXT_LIMIT));
  const content = contentOf(text);
  if (content === null) return failure(comparisonErrors.notALink());
  if (content === '') return failure(comparisonErrors.truncated());
  const decoded = decodeBase64Url(content);
  if (decoded === null) return failure(comparisonErrors.damagedLink());
  // A link may be cut off inside a byte; that it is truncated is the better answer then.
  const comparison = decodeComparison(decoded.bytes);
  return comparison.ok && !decoded.canonical ? failure(comparisonErrors.damagedLink()) : comparison;
};
