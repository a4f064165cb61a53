import { failure, type Result, success } from '@/lib/domain';
import { type ComparisonError, comparisonErrors } from './errors';
import { fromPlain, toPlain, validatePlain } from './plain';
import type { Comparison } from './types';

const FORMAT = 'pairscope-comparison';
const FORMAT_VERSION = 1;
const MAX_CHARACTERS = 8_000_000;

/** Readers by format version: each takes that version's document to the current comparison. */
const readers: Readonly<Record<number, (document: unknown) => Result<Comparison, ComparisonError>>> = {
  1: (document) => {
    const plain = validatePlain(document);
    return plain.ok ? success(fromPlain(plain.value)) : plain;
  },
};

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
  let document: unknown;
  try {
    document = JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch {
    return failure(text.trimStart().startsWith('{') ? comparisonErrors.damagedFile() : comparisonErrors.unknownFile());
  }
  if (typeof document !== 'object' || document === null || !('format' in document) || document.format !== FORMAT) {
    return failure(comparisonErrors.unknownFile());
  }
  const version = 'formatVersion' in document ? document.formatVersion : undefined;
  if (typeof version !== 'number' || !Number.isInteger(version) || version < 1) {
    return failure(comparisonErrors.invalid('formatVersion', 'is not an integer of 1 or more'));
  }
  const reader = readers[version];
  return reader ? reader(document) : failure(comparisonErrors.tooNew('file', version));
};
