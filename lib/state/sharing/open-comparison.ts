import { type ComparisonError, decodeShared, parseComparisonJson, type Shared } from '@/lib/comparison';
import type { Result } from '@/lib/domain';

/** A link, a bare fragment, or the text of a comparison.json: whatever was pasted, dropped or chosen. */
export const readShared = (text: string): Result<Shared, ComparisonError> => {
  if (!/^\s*\uFEFF?\s*[{[]/.test(text)) return decodeShared(text);
  const comparison = parseComparisonJson(text);
  return comparison.ok ? { ok: true, value: { kind: 'comparison', comparison: comparison.value } } : comparison;
};

/** Whether an address's fragment means to hold a comparison. */
export const holdsComparison = (hash: string): boolean => /^#c=/i.test(hash);

/** Whether an address's fragment means to hold model against model. */
export const holdsSheet = (hash: string): boolean => /^#m=/i.test(hash);

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
