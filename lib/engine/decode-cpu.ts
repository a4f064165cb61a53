import {
  chunkLengths,
  constantFeeds,
  stepInputs,
  type DecodeBackend,
  type DecodePlan,
  type DecodeRun,
  type Feeds,
  type GraphFiles,
  type GraphShape,
  type Ort,
  type Session,
} from './decode-backend';
import { EngineError } from './errors';

const FIRST_CHUNK = 4;
const CHUNK = 16;
/** With more weights than this a step takes so long that a chunk of them would be a long wait. */
const LARGE = 1e8;
const CHUNK_OF_LARGE = 4;

/** Drawing on the CPU: the chunk graph samples several tokens in one run, since each run copies the cache in and out. */
export async function createCpuBackend(ort: Ort, { shape, file, graph, weights }: GraphFiles): Promise<DecodeBackend> {
  const session = await ort.InferenceSession.create(graph, {
    executionProviders: ['wasm'],
    graphOptimizationLevel: 'all',
    externalData: [...weights],
    // Quantized weights, float activations: quantized activations would take one scale over all lanes, and editing one prompt
    // would change the other side.
    extra: { session: { disable_quant_qdq: '1' } },
  });
  return {
    executionProvider: 'wasm',
    adapter: null,
    start: (plan) => new CpuRun(ort, session, shape, file, plan),
    release: () => session.release(),
  };
}

class CpuRun implements DecodeRun {
  readonly #chunks: number[];
  readonly #constant: Feeds;
  #ids: Feeds[string];
  #cache: Feeds = {};
  #step = 0;
  #position = 0;

  constructor(
    private readonly ort: Ort,
    private readonly session: Session,
    private readonly shape: GraphShape,
    private readonly file: string,
    private readonly plan: DecodePlan,
  ) {
    const { steps, codes, layers, heads, headSize, parameters } = shape;
    this.#chunks = chunkLengths(steps, FIRST_CHUNK, parameters > LARGE ? CHUNK_OF_LARGE : CHUNK);
    this.#constant = constantFeeds(ort, plan, codes);
    const rows = plan.lanes.lanes.length;
    this.#ids = new ort.Tensor('int64', plan.prefix.ids, [rows, plan.prefix.slots]);
    for (let layer = 0; layer < layers; layer++) {
      for (const part of ['key', 'value']) {
        this.#cache[`past_key_values.${layer}.${part}`] = new ort.Tensor('float32', new Float32Array(0), [rows, heads, 0, headSize]);
      }
    }
  }

  async next() {
    const steps = this.#chunks.shift();
    if (steps === undefined) return null;
    const { ort } = this;
    const { codes, layers } = this.shape;
    const { noise, forced } = stepInputs(this.plan, codes, this.#step, steps);
    const results = await this.session.run({
      ...this.#constant,
      ...this.#cache,
      ...this.plan.prefix.feeds(this.#step === 0),
      ids: this.#ids,
      start: new ort.Tensor('int64', BigInt64Array.of(BigInt(this.#position)), [1]),
      noise: new ort.Tensor('float32', noise, [steps, 2, codes]),
      forced: new ort.Tensor('int64', forced, [steps, 2]),
    });
    const result = (name: string) => {
      const tensor = results[name];
      if (!tensor) throw new EngineError('model-damaged', { file: this.file, detail: `no output ${name}` });
      return tensor;
    };
    this.#position += (this.#ids.dims[1] ?? 0) + steps - 1;
    this.#ids = result('next_ids');
    for (let layer = 0; layer < layers; layer++) {
      for (const part of ['key', 'value']) this.#cache[`past_key_values.${layer}.${part}`] = result(`present.${layer}.${part}`);
    }
    const firstStep = this.#step;
    this.#step += steps;
    const stats = Float32Array.from(result('stats').data as Float32Array);
    return { firstStep, stats, hasCrossLanes: this.plan.lanes.hasCrossLanes };
  }

  release() {
    this.#cache = {};
    this.#chunks.length = 0;
  }
}
