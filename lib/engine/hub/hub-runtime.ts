import type { HubDevice } from '../../models';
import type { Feeds, Ort, Session } from '../decode-backend';
import { EngineError } from '../errors';
import type { ExecutionProvider } from '../types';
import { growingCache, type CachePlan, type KvCache } from './kv-cache';

/** A graph and its weights, ready to become a session. */
export interface GraphBytes {
  readonly graph: Uint8Array;
  readonly external: readonly { readonly path: string; readonly data: Uint8Array }[];
}

/** An input that stays where the graphs run from one run to the next. */
export interface HeldTensor {
  readonly tensor: Feeds[string];
  /** Replaces its numbers for runs that are begun afterwards. */
  write(data: Float32Array | BigInt64Array): void;
  dispose(): void;
}

/** The largest buffers that a GPU gives, bytes. */
export type BufferLimits = Readonly<Record<'maxBufferSize' | 'maxStorageBufferBindingSize', number>>;

/** Throws `limits-too-small` for `what` if it takes a buffer that the GPU does not give. */
export function assertFits(limits: BufferLimits | null, needed: number, what: string): void {
  for (const [limit, offered] of Object.entries(limits ?? {})) {
    if (needed > offered) throw new EngineError('limits-too-small', { file: what, limit, needed, offered });
  }
}

/** Where the graphs of a folder in the hub's layout run, and how numbers come back from there. */
export interface HubRuntime {
  readonly ort: Ort;
  readonly executionProvider: ExecutionProvider;
  readonly adapter: string | null;
  readonly device: HubDevice;
  /** Whether a folder's graphs are put together into one; else they run one after another. */
  readonly fuses: boolean;
  /** Null where buffers are bounded by memory alone. */
  readonly limits: BufferLimits | null;
  /** Positions that one run of the language model may take. */
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
  readBack(tensors: readonly Feeds[string][]): Promise<Float32Array<ArrayBuffer>>;
}

/** A session on the CPU, whatever the device is: for what runs once a drawing. */
export const createCpuSession = (ort: Ort, { graph, external }: GraphBytes): Promise<Session> =>
  ort.InferenceSession.create(graph, {
    executionProviders: ['wasm'],
    graphOptimizationLevel: 'all',
    externalData: [...external],
  });

/** Everything on the CPU. Run one after another, the graphs give a step out as soon as it is there. */
export const cpuHubRuntime = (ort: Ort): HubRuntime => ({
  ort,
  executionProvider: 'wasm',
  adapter: null,
  device: { webgpu: false, shaderF16: false },
  fuses: true,
  limits: null,
  prefill: Infinity,
  chunk: 'step',
  inFlight: 1,
  createSession: (graph) => createCpuSession(ort, graph),
  run: (session, feeds) => session.run(feeds),
  createCache: (plan) => Promise.resolve(growingCache(ort, plan)),
  hold: (data, dims) => {
    const own = data.slice();
    return {
      tensor: own instanceof Float32Array ? new ort.Tensor('float32', own, dims) : new ort.Tensor('int64', own, dims),
      write: (next: Float32Array | BigInt64Array) => {
        (own as Float32Array).set(next as Float32Array);
      },
      dispose: () => undefined,
    };
  },
  readBack: (tensors) => Promise.resolve(joined(tensors.map(({ data }) => data as Float32Array))),
});

function joined(parts: readonly Float32Array[]): Float32Array<ArrayBuffer> {
  const all = new Float32Array(parts.reduce((sum, { length }) => sum + length, 0));
  let offset = 0;
  for (const part of parts) {
    all.set(part, offset);
    offset += part.length;
  }
  return all;
}
