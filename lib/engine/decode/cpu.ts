import { EngineError } from '@/lib/domain';
import {
  chunkLengths,
  constantFeeds,
  type DecodeBackend,
  type DecodeRun,
  type Feeds,
  type GraphFiles,
  type Ort,
  type SamplingPlan,
  type Session,
  stepInputs,
} from './backend';

const FIRST_CHUNK = 4;
const CHUNK = 16;
/** A graph with more weights than this is large. */
const LARGE = 1e8;
const CHUNK_OF_LARGE = 4;

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
export async function createCpuBackend(ort: Ort, { shape, file, graph, weights }: GraphFiles): Promise<DecodeBackend> {
  const session = await createChunkSession(ort, graph, weights);
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
    start: (plan) => {
      const { slots, ids, lengths } = plan.prefix;
      const empty = () => new ort.Tensor('float32', new Float32Array(0), [lengths.length, heads, 0, headSize]);
      return new ChunkRun(chunks, plan, () =>
        Promise.resolve({
          carried: new ort.Tensor('int64', ids, [lengths.length, slots]),
          cache: Object.fromEntries(cache.map(({ past }) => [past, empty()])),
          feeds: (first) => plan.prefix.feeds(first),
        }),
      );
    },
    release: () => session.release(),
  };
}

/** A value that comes out of one run and goes into the next, by its two names. */
interface Carried {
  readonly past: string;
  readonly present: string;
}

/** A graph that samples several tokens a run, and what it calls its values. */
export interface ChunkGraph {
  readonly ort: Ort;
  readonly session: Session;
  /** For messages. */
  readonly file: string;
  /** Tokens of an image. */
  readonly steps: number;
  readonly codes: number;
  /** A step takes so long that the usual number of them would be a long wait. */
  readonly large: boolean;
  /** What stands for the last token: [lanes, S, ...], S the prefix in the first run and 1 afterwards. */
  readonly carried: Carried;
  readonly cache: readonly Carried[];
}

/** What the first run starts from. */
export interface ChunkStart {
  readonly carried: Feeds[string];
  readonly cache: Feeds;
  /** Further inputs of the first run, and of every later one. */
  feeds(first: boolean): Feeds;
}

/** One drawing, chunk by chunk. */
export class ChunkRun implements DecodeRun {
  readonly #chunks: number[];
  readonly #constant: Feeds;
  #begun: ChunkStart | null = null;
  #carried: Feeds = {};
  #step = 0;
  #position = 0;

  constructor(
    private readonly graph: ChunkGraph,
    private readonly plan: SamplingPlan,
    private readonly begin: () => Promise<ChunkStart>,
  ) {
    this.#chunks = chunkLengths(graph.steps, FIRST_CHUNK, graph.large ? CHUNK_OF_LARGE : CHUNK);
    this.#constant = constantFeeds(graph.ort, plan, graph.codes);
  }

  async next() {
    const steps = this.#chunks.shift();
    if (steps === undefined) return null;
    const { ort, session, file, codes, carried, cache } = this.graph;
    const first = this.#begun === null;
    this.#begun ??= await this.begin();
    if (first) this.#carried = { ...this.#begun.cache, [carried.past]: this.#begun.carried };
    const { noise, forced } = stepInputs(this.plan, codes, this.#step, steps);
    const length = this.#carried[carried.past]?.dims[1] ?? 0;
    const results = await session.run({
      ...this.#constant,
      ...this.#carried,
      ...this.#begun.feeds(first),
      start: new ort.Tensor('int64', BigInt64Array.of(BigInt(this.#position)), [1]),
      noise: new ort.Tensor('float32', noise, [steps, 2, codes]),
      forced: new ort.Tensor('int64', forced, [steps, 2]),
    });
    const result = (name: string) => {
      const tensor = results[name];
      if (!tensor) throw new EngineError('model-damaged', { file, detail: `no output ${name}` });
      return tensor;
    };
    this.#position += length + steps - 1;
    this.#carried = Object.fromEntries([carried, ...cache].map(({ past, present }) => [past, result(present)]));
    const firstStep = this.#step;
    this.#step += steps;
    const stats = Float32Array.from(result('stats').data as Float32Array);
    return { firstStep, stats, hasCrossLanes: this.plan.lanes.hasCrossLanes };
  }

  release() {
    this.#carried = {};
    this.#chunks.length = 0;
  }
}
