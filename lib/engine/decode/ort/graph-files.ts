import type { PrefixBuilder } from './prefix';

/** What running a graph that holds the whole step takes to know of it. */
export interface GraphShape {
  /** Tokens of an image, and of one of its rows. */
  readonly steps: number;
  readonly columns: number;
  readonly codes: number;
  readonly layers: number;
  readonly heads: number;
  readonly headSize: number;
  /** Of keys and values in the graph for WebGPU; those of the other one are float32. */
  readonly cacheType: 'float32' | 'float16';
  /** Weights that every step reads. */
  readonly parameters: number;
}

/** What the graphs of one model are made of. */
export interface GraphFiles {
  readonly shape: GraphShape;
  /** How the graph takes prefixes. */
  readonly prefix: PrefixBuilder;
  /** For messages. */
  readonly file: string;
  readonly graph: Uint8Array;
  /** By the names under which the graph looks for them. */
  readonly weights: readonly { readonly path: string; readonly data: Uint8Array }[];
}
