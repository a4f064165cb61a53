import type { HubDevice } from '../../models';
import type { Feeds, Ort, Session } from '../decode-backend';
import type { ExecutionProvider } from '../types';

/** A graph and its weights, ready to become a session. */
export interface GraphBytes {
  readonly graph: Uint8Array;
  readonly external: readonly { readonly path: string; readonly data: Uint8Array }[];
}

/** Where the graphs of a folder in the hub's layout run, and how numbers come back from there. */
export interface HubRuntime {
  readonly ort: Ort;
  readonly executionProvider: ExecutionProvider;
  readonly adapter: string | null;
  readonly device: HubDevice;
  /** Whether a folder's graphs are put together into one; else they run one after another. */
  readonly fuses: boolean;
  /** Steps that are computed before their numbers are asked for together. */
  readonly chunk: number;
  /** Chunks under way at once. */
  readonly inFlight: number;
  /** A session whose outputs stay on the device. */
  createSession(graph: GraphBytes): Promise<Session>;
  /** Runs one; rejects with `device-lost` if the device is lost meanwhile. */
  run(session: Session, feeds: Feeds): Promise<Feeds>;
  /** Begins to read float32 tensors back, joined; they may be disposed of once this has returned. */
  readBack(tensors: readonly Feeds[string][]): Promise<Float32Array<ArrayBuffer>>;
}

/** A session on the CPU, whatever the device is: for what runs once a drawing. */
export const createCpuSession = (ort: Ort, { graph, external }: GraphBytes): Promise<Session> =>
  ort.InferenceSession.create(graph, { executionProviders: ['wasm'], graphOptimizationLevel: 'all', externalData: [...external] });

/** Everything on the CPU. Run one after another, the graphs give a step out as soon as it is there. */
export const cpuHubRuntime = (ort: Ort): HubRuntime => ({
  ort,
  executionProvider: 'wasm',
  adapter: null,
  device: { webgpu: false, shaderF16: false },
  fuses: true,
  chunk: 1,
  inFlight: 1,
  createSession: (graph) => createCpuSession(ort, graph),
  run: (session, feeds) => session.run(feeds),
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
