import type { ExecutionProvider } from '@/lib/domain';
import type { HubDevice } from '@/lib/models';
import type { ElementType } from '@/lib/onnx';
import type { Feeds, Ort, Session, Tensor } from '../decode/ort/types';

/** A graph and its weights, ready to become a session. */
export interface GraphBytes {
  readonly graph: Uint8Array;
  readonly external: readonly { readonly path: string; readonly data: Uint8Array }[];
}

/** An input that stays where the graphs run from one run to the next. */
export interface HeldTensor {
  readonly tensor: Tensor;
  /** Replaces its numbers for runs that are begun afterwards. */
  write(data: Float32Array | BigInt64Array): void;
  dispose(): void;
}

/** The largest buffers that a GPU gives, bytes. */
export type BufferLimits = Readonly<Record<'maxBufferSize' | 'maxStorageBufferBindingSize', number>>;

/** Where the graphs of a folder in the hub's layout run, and how numbers come back from there. */
export interface HubRuntime {
  readonly ort: Ort;
  readonly executionProvider: ExecutionProvider;
  readonly adapter: string | null;
  readonly device: HubDevice;
  /** Whether a folder's graphs are joined into one; else they run one after another. */
  readonly joinsGraphs: boolean;
  /** Null where buffers are bounded by memory alone. */
  readonly limits: BufferLimits | null;
  /** Positions that the first run of the language model, with an empty cache, may take. */
  readonly prefill: number;
  /** What is computed before its numbers are asked for together: a step, or, where asking takes long, a row of the picture. */
  readonly chunk: 'step' | 'row';
  /** Chunks under way at once. */
  readonly inFlight: number;
  /** A session whose outputs stay on the device. */
  createSession(graph: GraphBytes): Promise<Session>;
  /** Runs one, into given tensors where there are any; rejects with `device-lost` if the device is lost meanwhile. */
  run(session: Session, feeds: Feeds, into?: Feeds): Promise<Feeds>;
  /** Room for the keys and values of a drawing; rejects with `out-of-memory` where there is not enough. */
  createCache(plan: CachePlan): Promise<KvCache>;
  hold(data: Float32Array | BigInt64Array, dims: readonly number[]): HeldTensor;
  /** Begins to read float32 tensors back, joined; they may be disposed of once this has returned. */
  readBack(tensors: readonly Tensor[]): Promise<Float32Array<ArrayBuffer>>;
}

/** One layer's keys or values: what goes in, what comes out. */
export interface CachePort {
  readonly past: string;
  readonly present: string;
}

/** What the keys and values of one drawing look like. */
export interface CachePlan {
  readonly ports: readonly CachePort[];
  readonly type: ElementType;
  readonly lanes: number;
  readonly heads: number;
  readonly headSize: number;
  /** Positions after each run of the language model, in order. */
  readonly lengths: readonly number[];
}

/**
 * Keys and values of one drawing. Graphs in the hub's layout give a new cache at each run, made from the old one: one past and one present are alive
 * while a run goes on, and never more.
 */
export interface KvCache {
  /** What goes into the next run. */
  readonly past: Feeds;
  /** Where the next run puts its cache; empty where the graph makes tensors of its own. */
  readonly present: Feeds;
  /** The present takes the past's place. */
  advance(results: Feeds): void;
  dispose(): void;
}
