import { failure, type Result, success } from '@/lib/domain';
import * as z from '@/lib/schema';
import { type ComparisonError, comparisonErrors } from './errors';
import { fromPlain, toPlain, validatePlain } from './plain';
import type { Comparison } from './types';

const FORMAT = 'pairscope-comparison';
const FORMAT_VERSION = 1;
const MAX_CHARACTERS = 8_000_000;

/** Readers by format version: each takes that version's document to the current comparison. */
const readers: ReadonlyMap<number, (document: unknown) => Result<Comparison, ComparisonError>> = new Map([
  [
    1,
    (document: unknown) => {
      const plain = validatePlain(document);
      return plain.ok ? success(fromPlain(plain.value)) : plain;
    },
  ],
]);

const version = { error: 'is not an integer of 1 or more' };
/** What documents of all versions begin with. */
const documentSchema = z.looseObject({
  format: z.literal(FORMAT),
  formatVersion: z.number(version).check(z.int(version), z.gte(1, version)),
});

/** Objects over several lines, arrays on one: the file can be read, and is not one number a line. */
const format = (value: unknown, indent: string): string => {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return JSON.stringify(value);
  const inner = `${indent}  `;
  const members = Object.entries(value).map(([key, item]) => `${inner}${JSON.stringify(key)}: ${format(item, inner)}`);
  return `{\n${members.join(',\n')}\n${indent}}`;
};

/**
 * comparison.json: the comparison with its full trace. The same comparison always gives the same text.
 * @throws RangeError if the comparison holds a value out of its range; the message names it.
 */
export const toComparisonJson = (comparison: Comparison): string => {
  const plain = toPlain(comparison, 'full');
  if (!plain.ok) throw new RangeError(plain.error.message);
  return `${format({ format: FORMAT, formatVersion: FORMAT_VERSION, ...plain.value }, '')}\n`;
};

export const parseComparisonJson = (text: string): Result<Comparison, ComparisonError> => {
  if (text.length > MAX_CHARACTERS) return failure(comparisonErrors.fileTooLarge(MAX_CHARACTERS));
  const parsed = z.parseJson(text, documentSchema);
  if (!parsed.ok) {
    const { kind, path, problem } = parsed.error;
    if (path === 'formatVersion') return failure(comparisonErrors.invalid(path, problem));
    const isCutOff = kind === 'not-json' && /^\uFEFF?\s*\{/.test(text);
    return failure(isCutOff ? comparisonErrors.damagedFile() : comparisonErrors.unknownFile());
  }
  const { formatVersion: version, ...document } = parsed.value;
  const reader = readers.get(version);
  return reader ? reader(document) : failure(comparisonErrors.tooNew('file', version));
};
