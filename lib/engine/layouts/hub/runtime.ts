import { EngineError } from '@/lib/domain';
import type { Ort, Session } from '../../decode/ort/types';
import type { BufferLimits, GraphBytes, HubRuntime } from '../../runtime/parts-runtime';
import { growingCache } from './kv-cache';

/** Throws `limits-too-small` for `what` if it takes a buffer that the GPU does not give. */
export function assertFits(limits: BufferLimits | null, needed: number, what: string): void {
  for (const [limit, offered] of Object.entries(limits ?? {})) {
    if (needed > offered) throw new EngineError('limits-too-small', { file: what, limit, needed, offered });
  }
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
  joinsGraphs: true,
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
