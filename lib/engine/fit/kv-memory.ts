import type { LanePlan } from '../decode/lanes';
import { paddedLength } from '../decode/padding';

/** What the memory of keys and values depends on. `config.json` and a cache of 16 or 32 bits tell it before a download. */
export interface CacheShape {
  readonly layers: number;
  /** Heads of keys and values. */
  readonly heads: number;
  readonly headSize: number;
  readonly bytesPerNumber: 2 | 4;
}

/** Positions of a prompt of ordinary length with its frame. */
export const ORDINARY_PREFIX = 40;

/**
 * Bytes that keys and values take at the end of a drawing: lanes x layers x (key and value) x heads x positions x head size. Graphs in the hub's layout give a
 * new cache each step, so `peak` counts the old one beside it. The last token of the image is not fed back.
 */
export function kvMemory(
  { layers, heads, headSize, bytesPerNumber }: CacheShape,
  { lanes }: Pick<LanePlan, 'lanes'>,
  longestPrefix: number,
  imageTokens: number,
): { readonly cache: number; readonly peak: number } {
  const position = lanes.length * layers * 2 * heads * headSize * bytesPerNumber;
  const positions = paddedLength(longestPrefix) + imageTokens - 1;
  return { cache: position * positions, peak: position * (2 * positions - 1) };
}

/** Bytes that keys and values take from beginning to end where they are written in place, as the fused graph for WebGPU does: room for prefix and image. */
export const staticKvMemory = (
  { layers, heads, headSize, bytesPerNumber }: CacheShape,
  { lanes }: Pick<LanePlan, 'lanes'>,
  longestPrefix: number,
  imageTokens: number,
): number =>
  lanes.length * layers * 2 * heads * headSize * bytesPerNumber * (paddedLength(longestPrefix) + imageTokens);
