import { failure, type Result, success } from '@/lib/domain';
import { crc32 } from './crc32';
import { type ComparisonError, comparisonErrors } from './errors';

/**
 * The container, the same for every version: magic, version, payload length (3 bytes), payload, CRC-32 of all
 * before it. So a link from the future is told from a damaged one. Never change this.
 */
const HEADER_BYTES = 5;
const CHECKSUM_BYTES = 4;

/** Puts a payload into its container. */
export const wrap = (magic: number, version: number, payload: Uint8Array): Uint8Array => {
  const bytes = new Uint8Array(HEADER_BYTES + payload.length + CHECKSUM_BYTES);
  const view = new DataView(bytes.buffer);
  view.setUint8(0, magic);
  view.setUint8(1, version);
  view.setUint8(2, payload.length >>> 16);
  view.setUint16(3, payload.length & 0xffff);
  bytes.set(payload, HEADER_BYTES);
  view.setUint32(HEADER_BYTES + payload.length, crc32(bytes.subarray(0, HEADER_BYTES + payload.length)));
  return bytes;
};

/** Takes a payload out, once its checksum is right. */
export const unwrap = (
  magic: number,
  bytes: Uint8Array,
): Result<{ version: number; payload: Uint8Array }, ComparisonError> => {
  if (bytes[0] !== magic) return failure(comparisonErrors.unknownFormat());
  if (bytes.length < HEADER_BYTES + CHECKSUM_BYTES) return failure(comparisonErrors.truncated());
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const end = HEADER_BYTES + view.getUint8(2) * 0x10000 + view.getUint16(3);
  if (bytes.length < end + CHECKSUM_BYTES) return failure(comparisonErrors.truncated());
  if (bytes.length > end + CHECKSUM_BYTES || view.getUint32(end) !== crc32(bytes.subarray(0, end))) {
    return failure(comparisonErrors.damagedLink());
  }
  return success({ version: view.getUint8(1), payload: bytes.subarray(HEADER_BYTES, end) });
};

/** Where the container that starts the bytes ends, as its header says; null where there is no whole header. */
export const containerEnd = (bytes: Uint8Array): number | null => {
  if (bytes.length < HEADER_BYTES) return null;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return HEADER_BYTES + view.getUint8(2) * 0x10000 + view.getUint16(3) + CHECKSUM_BYTES;
};
