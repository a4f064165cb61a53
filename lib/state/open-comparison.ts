import { decodeLink, parseComparisonJson } from '../comparison';
import type { Comparison, ComparisonError, Result } from '../comparison';

/** A link, a bare fragment, or the text of a comparison.json: whatever was pasted, dropped or chosen. */
export const readComparison = (text: string): Result<Comparison, ComparisonError> =>
  /^\s*\uFEFF?\s*[{[]/.test(text) ? parseComparisonJson(text) : decodeLink(text);

/** Whether an address's fragment means to hold a comparison. */
export const holdsComparison = (hash: string): boolean => /^#c=/i.test(hash);

/** Larger files cannot be comparisons and are not read. */
const FILE_BYTES_LIMIT = 32_000_000;

/** The comparison in a file, or what is wrong with it. */
export const readComparisonFile = async (file: File): Promise<Result<Comparison, ComparisonError>> => {
  const unreadable = (message: string): Result<Comparison, ComparisonError> => ({
    ok: false,
    error: { code: 'unknown-format', message, wayOn: 'Choose a comparison.json that was downloaded from Pairscope.' },
  });
  if (file.size > FILE_BYTES_LIMIT) return unreadable('This file is larger than any comparison.');
  try {
    return readComparison(await file.text());
  } catch {
    return unreadable('This file cannot be read.');
  }
};
