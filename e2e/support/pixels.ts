import { decode } from 'fast-png';

/** The share of pixels in which two PNG files of equal size differ. */
export const differingPixels = (a: Uint8Array, b: Uint8Array): number => {
  const one = decode(a);
  const other = decode(b);
  if (one.width !== other.width || one.height !== other.height || one.channels !== other.channels) return 1;
  let differing = 0;
  for (let i = 0; i < one.data.length; i += one.channels) {
    if ([0, 1, 2].some((channel) => one.data[i + channel] !== other.data[i + channel])) differing += 1;
  }
  return differing / (one.width * one.height);
};
