import { failure, type Result, success } from '@/lib/domain';
import { MalformedBytes } from './byte-stream';
import { unwrap, wrap } from './container';
import { type ComparisonError, comparisonErrors } from './errors';
import { readPayloadV1, writePayloadV1 } from './payload-v1';
import { fromPlain, toPlain, validatePlain } from './plain';
import type { PlainComparison } from './schema';
import type { Comparison } from './types';

/** Never change this. */
const MAGIC = 0x50;

interface PayloadFormat {
  /** @throws MalformedBytes */
  readonly read: (bytes: Uint8Array) => PlainComparison;
  readonly write: (plain: PlainComparison) => Uint8Array;
}

/** Payload formats by version. New versions are added; none is ever altered or removed. */
const formats: Readonly<Record<number, PayloadFormat>> = {
  1: { read: readPayloadV1, write: writePayloadV1 },
};
const CURRENT_VERSION = 1;

const sameBytes = (a: Uint8Array, b: Uint8Array): boolean =>
  a.length === b.length && a.every((byte, i) => byte === b[i]);

/**
 * The canonical bytes of a comparison: prompts, settings, tokens, provenance without the adapter, prompt
 * divergence and cross scores rounded to 4 bits a step. The rest of the trace is left out.
 */
export const encodeComparison = (comparison: Comparison): Result<Uint8Array, ComparisonError> => {
  const plain = toPlain(comparison, 'cross');
  if (!plain.ok) return plain;
  return success(wrap(MAGIC, CURRENT_VERSION, writePayloadV1(plain.value)));
};

/** Refuses anything but bytes that encoding the result would give again. */
export const decodeComparison = (bytes: Uint8Array): Result<Comparison, ComparisonError> => {
  const container = unwrap(MAGIC, bytes);
  if (!container.ok) return container;
  const { version, payload } = container.value;
  const format = formats[version];
  if (!format) {
    return failure(
      version > CURRENT_VERSION ? comparisonErrors.tooNew('link', version) : comparisonErrors.unknownFormat(),
    );
  }
  try {
    const plain = validatePlain(format.read(payload));
    if (!plain.ok) return plain;
    const comparison = fromPlain(plain.value);
    const again = toPlain(comparison, 'cross');
    if (!again.ok || !sameBytes(format.write(again.value), payload)) return failure(comparisonErrors.notCanonical());
    return success(comparison);
  } catch (error) {
    if (error instanceof MalformedBytes) return failure(comparisonErrors.notCanonical());
    throw error;
  }
};
