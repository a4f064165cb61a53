import type { DecodeBackend } from '../backend';
import { type ChunkGraph, ChunkRun } from './chunk-run';
import type { GraphFiles } from './graph-files';
import { bytesOfGraph, openSession } from './open-session';
import type { Ort, Session } from './types';

/** A graph with more weights than this is large. */
const LARGE = 1e8;

/**
 * Sessions of graphs that hold a loop over tokens. Constants are folded at load, so quantized weights become float32 there: kernels for quantized activations would
 * take one scale over all lanes, and editing one prompt would change the other side.
 */
export const createChunkSession = (
  ort: Ort,
  graph: Uint8Array,
  weights: readonly { readonly path: string; readonly data: Uint8Array }[],
): Promise<Session> =>
  ort.InferenceSession.create(graph, {
    executionProviders: ['wasm'],
    graphOptimizationLevel: 'all',
    externalData: [...weights],
    extra: { session: { disable_quant_qdq: '1' } },
  });

/** Drawing on the CPU: the chunk graph samples several tokens in one run, since each run copies the cache in and out. */
export async function createCpuBackend(
  ort: Ort,
  { shape, prefix, file, graph, weights }: GraphFiles,
): Promise<DecodeBackend> {
  const session = await openSession(file, bytesOfGraph(graph, weights), () => createChunkSession(ort, graph, weights));
  const { steps, codes, layers, heads, headSize, parameters } = shape;
  const cache = Array.from({ length: layers }, (_, layer) =>
    ['key', 'value'].map((part) => ({ past: `past_key_values.${layer}.${part}`, present: `present.${layer}.${part}` })),
  ).flat();
  const chunks: ChunkGraph = {
    ort,
    session,
    file,
    steps,
    codes,
    large: parameters > LARGE,
    carried: { past: 'ids', present: 'next_ids' },
    cache,
  };
  return {
    executionProvider: 'wasm',
    adapter: null,
    start: (plan) =>
      new ChunkRun(chunks, plan, () => {
        const inputs = prefix(ort, plan.prefixes);
        const { slots, ids, lengths } = inputs;
        const empty = () => new ort.Tensor('float32', new Float32Array(0), [lengths.length, heads, 0, headSize]);
        return Promise.resolve({
          carried: new ort.Tensor('int64', ids, [lengths.length, slots]),
          cache: Object.fromEntries(cache.map(({ past }) => [past, empty()])),
          feeds: (first) => inputs.feeds(first),
        });
      }),
    release: () => session.release(),
  };
}
