import { encode } from 'fast-png';
import type { DecodedImage } from '@/lib/domain';

/** A PNG file, 8-bit RGBA. */
export const encodePng = ({ width, height, data }: DecodedImage): Uint8Array<ArrayBuffer> =>
  new Uint8Array(encode({ width, height, data, depth: 8, channels: 4 }));
