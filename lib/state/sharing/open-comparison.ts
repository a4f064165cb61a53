import {
  type ComparisonError,
  decodeShared,
  foundLinks,
  type Key,
  parseComparisonJson,
  type Shared,
  unwrapped,
} from '@/lib/comparison';
import type { Result } from '@/lib/domain';

/** A text that holds a link, or that of a comparison.json: whatever was pasted, dropped or chosen. */
export const readShared = (text: string): Result<Shared, ComparisonError> => {
  // `trimStart` takes a byte order mark for a space, too.
  if (!/^[{[]/.test(text.trimStart())) return decodeShared(text);
  const comparison = parseComparisonJson(text);
  if (comparison.ok) return { ok: true, value: { kind: 'comparison', comparison: comparison.value } };
  // Messages begin with brackets as well.
  const link = decodeShared(text);
  return link.ok ? link : comparison;
};

const holds = (hash: string, key: Key): boolean => foundLinks(unwrapped(hash))[0]?.key === key;

/** Whether an address's fragment means to hold a comparison, however the address was encoded on its way. */
export const holdsComparison = (hash: string): boolean => holds(hash, 'c');

/** Whether an address's fragment means to hold model against model. */
export const holdsSheet = (hash: string): boolean => holds(hash, 'm');

/** Larger files cannot be comparisons and are not read. */
const FILE_BYTES_LIMIT = 32_000_000;

/** What a file holds, or what is wrong with it. */
export const readSharedFile = async (file: File): Promise<Result<Shared, ComparisonError>> => {
  const unreadable = (message: string): Result<Shared, ComparisonError> => ({
    ok: false,
    error: { code: 'unknown-format', message, hint: 'Choose a comparison.json that was downloaded from Pairscope.' },
  });
  if (file.size > FILE_BYTES_LIMIT) return unreadable('This file is larger than any comparison.');
  try {
    return readShared(await file.text());
  } catch {
    return unreadable('This file cannot be read.');
  }
};
