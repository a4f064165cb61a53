import { decode, encode } from 'fast-png';
import type { DecodedImage } from '@/lib/domain';

/** A PNG file, 8-bit RGBA. */
export const encodePng = ({ width, height, data }: DecodedImage): Uint8Array<ArrayBuffer> =>
  new Uint8Array(encode({ width, height, data, depth: 8, channels: 4 }));

/** Whether bytes are a PNG file from its beginning to its end, as its checksums tell. */
export function isWholePng(bytes: Uint8Array): boolean {
  try {
    decode(bytes, { checkCrc: true });
    return true;
  } catch {
    return false;
  }
}
