import { MalformedBytes } from './byte-stream';
import { crc32 } from './crc32';
import { comparisonErrors, type ComparisonError } from './errors';
import { readPayloadV1, writePayloadV1 } from './payload-v1';
import { fromPlain, toPlain, validatePlain } from './plain';
import { failure, success, type Result } from './result';
import type { PlainComparison } from './schema';
import type { Comparison } from './types';

/**
 * The container, the same for every version: magic, version, payload length (3 bytes), payload, CRC-32 of all
 * before it. So a link from the future is told from a damaged one. Never change this.
 */
const MAGIC = 0x50;
const HEADER_BYTES = 5;
const CHECKSUM_BYTES = 4;

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

const wrap = (version: number, payload: Uint8Array): Uint8Array => {
  const bytes = new Uint8Array(HEADER_BYTES + payload.length + CHECKSUM_BYTES);
  const view = new DataView(bytes.buffer);
  view.setUint8(0, MAGIC);
  view.setUint8(1, version);
  view.setUint8(2, payload.length >>> 16);
  view.setUint16(3, payload.length & 0xffff);
  bytes.set(payload, HEADER_BYTES);
  view.setUint32(HEADER_BYTES + payload.length, crc32(bytes.subarray(0, HEADER_BYTES + payload.length)));
  return bytes;
};

const unwrap = (bytes: Uint8Array): Result<{ version: number; payload: Uint8Array }, ComparisonError> => {
  if (bytes[0] !== MAGIC) return failure(comparisonErrors.unknownFormat());
  if (bytes.length < HEADER_BYTES + CHECKSUM_BYTES) return failure(comparisonErrors.truncated());
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const end = HEADER_BYTES + view.getUint8(2) * 0x10000 + view.getUint16(3);
  if (bytes.length < end + CHECKSUM_BYTES) return failure(comparisonErrors.truncated());
  if (bytes.length > end + CHECKSUM_BYTES || view.getUint32(end) !== crc32(bytes.subarray(0, end))) {
    return failure(comparisonErrors.damagedLink());
  }
  return success({ version: view.getUint8(1), payload: bytes.subarray(HEADER_BYTES, end) });
};

const sameBytes = (a: Uint8Array, b: Uint8Array): boolean => a.length === b.length && a.every((byte, i) => byte === b[i]);

/**
 * The canonical bytes of a comparison: prompts, settings, tokens, provenance without the adapter, prompt
 * divergence and cross scores rounded to 4 bits a step. The rest of the trace is left out.
 */
export const encodeComparison = (comparison: Comparison): Result<Uint8Array, ComparisonError> => {
  const plain = toPlain(comparison, 'cross');
  if (!plain.ok) return plain;
  return success(wrap(CURRENT_VERSION, writePayloadV1(plain.value)));
};

/** Refuses anything but bytes that encoding the result would give again. */
export const decodeComparison = (bytes: Uint8Array): Result<Comparison, ComparisonError> => {
  const container = unwrap(bytes);
  if (!container.ok) return container;
  const { version, payload } = container.value;
  const format = formats[version];
  if (!format) {
    return failure(version > CURRENT_VERSION ? comparisonErrors.tooNew('link', version) : comparisonErrors.unknownFormat());
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
