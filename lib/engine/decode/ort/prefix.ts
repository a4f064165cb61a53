import type { DecodePlan } from '../plan';
import type { Feeds, Ort } from './types';

/** What stands before the image in every row, as a graph takes it. */
export interface PrefixInputs {
  /** Positions that a cache of fixed size has to keep for the prefix. */
  readonly room: number;
  /** Runs that put the prefix into the cache ahead of the one that gives the first token; none where that one takes all of it. */
  readonly earlier: readonly PrefixPiece[];
  /** Positions of every row in the run that gives the first token, padding included. */
  readonly slots: number;
  /** Positions of each row that are not padding. */
  readonly lengths: readonly number[];
  /** int64 [lanes, slots]: the graph's `ids` in that run. */
  readonly ids: BigInt64Array;
  /** What the graph takes beside `ids` in that run, and in every later one. */
  feeds(first: boolean): Feeds;
}

/** One position of every row of a prefix. */
export interface PrefixPiece {
  /** Positions of each row up to and including this one. */
  readonly lengths: readonly number[];
  feeds(): Feeds;
}

/** Makes a graph's inputs of a plan's prefixes. */
export type PrefixBuilder = (ort: Ort, prefixes: DecodePlan['prefixes']) => PrefixInputs;

/** int64 [lanes, length]: token ids of every lane, filled up on the left. */
export function leftPadded(prefixes: DecodePlan['prefixes'], pad: number, length: number): BigInt64Array {
  const ids = new BigInt64Array(prefixes.length * length).fill(BigInt(pad));
  prefixes.forEach((prefix, lane) => {
    ids.set(BigInt64Array.from(prefix, BigInt), (lane + 1) * length - prefix.length);
  });
  return ids;
}

/** For graphs that take the prefix as token ids, all lanes of one length, in the run that gives the first token. */
export const tokenPrefix: PrefixBuilder = (_ort, prefixes) => {
  const slots = Math.max(...prefixes.map(({ length }) => length));
  return {
    room: slots,
    earlier: [],
    slots,
    lengths: prefixes.map(({ length }) => length),
    ids: leftPadded(prefixes, 0, slots),
    feeds: () => ({}),
  };
};
