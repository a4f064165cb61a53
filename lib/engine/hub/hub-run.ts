import { constantFeeds, stepInputs, type DecodeRun, type Feeds, type SamplingPlan } from '../decode-backend';
import type { RawSteps } from '../stats';
import type { HubGraphs } from './hub-graphs';
import type { HubRuntime } from './hub-runtime';
import { paddedLength } from './kv-memory';

type Tensor = Feeds[string];

/** One drawing with a folder's separate graphs. */
export interface HubPlan extends SamplingPlan {
  /** Text ids of every lane's prefix; they may differ in length. */
  readonly prefixes: readonly (readonly number[])[];
  /** Fills prefixes up on the left; masked out. */
  readonly pad: number;
  readonly steps: number;
}

interface PendingChunk {
  readonly firstStep: number;
  readonly stats: Promise<Float32Array<ArrayBuffer>>;
}

/** Positions [from, to) of float [lanes, length, width], as a tensor of its own. */
function part(ort: HubRuntime['ort'], x: Tensor, from: number, to: number): Tensor {
  const [lanes, length, width] = x.dims as [number, number, number];
  // Float16Array where the browser has it, else Uint16Array.
  const data = x.data as Float32Array;
  const taken = new (data.constructor as Float32ArrayConstructor)(lanes * (to - from) * width);
  for (let lane = 0; lane < lanes; lane++) {
    taken.set(data.subarray((lane * length + from) * width, (lane * length + to) * width), lane * (to - from) * width);
  }
  return new ort.Tensor(x.type as 'float32', taken, [lanes, to - from, width]);
}

/**
 * Draws step by step: embeddings -> language model -> head -> sampler, each session's outputs going into the next without leaving the device. The rows of the
 * batch are left-padded; pads are masked out (mask 0, position 1) and positions count from a row's first real token, as Hugging Face's generation does.
 * Of the cache, at most one past and one present are alive.
 */
export class HubRun implements DecodeRun {
  readonly #constant: Feeds;
  readonly #lanes: number;
  readonly #padded: number;
  readonly #pending: PendingChunk[] = [];
  #cache: Feeds;
  /** The token ids that go into the next step, int64 [lanes, 1]. */
  #ids: Tensor | null = null;
  #lastOfPrefix: Tensor | null = null;
  /** Positions in the cache. */
  #length = 0;
  #step = 0;
  #released = false;
  #working: Promise<void> = Promise.resolve();

  constructor(
    private readonly runtime: HubRuntime,
    private readonly graphs: HubGraphs,
    private readonly plan: HubPlan,
    /** Settles when the run before has let go of its tensors. */
    private readonly free: Promise<void> = Promise.resolve(),
  ) {
    this.#lanes = plan.lanes.lanes.length;
    this.#padded = paddedLength(Math.max(...plan.prefixes.map(({ length }) => length)));
    this.#constant = constantFeeds(runtime.ort, plan, graphs.shape.codes);
    this.#cache = graphs.emptyCache(this.#lanes);
  }

  async next(): Promise<RawSteps | null> {
    const { chunk, inFlight } = this.runtime;
    await this.free;
    while (!this.#released && this.#pending.length < inFlight && this.#step < this.plan.steps) {
      // A short first chunk, so that the first tokens come soon.
      const steps = Math.min(this.#step === 0 ? Math.ceil(chunk / 4) : chunk, this.plan.steps - this.#step);
      const work = this.#enqueue(steps);
      this.#working = work.then(undefined, () => undefined);
      await work;
      if (this.#pending[0]?.firstStep === 0) break;
    }
    const done = this.#released ? undefined : this.#pending.shift();
    if (!done) return null;
    return { firstStep: done.firstStep, stats: await done.stats, hasCrossLanes: this.plan.lanes.hasCrossLanes };
  }

  /** Ends once the step under way is done, and frees the cache then. */
  release(): void {
    if (this.#released) return;
    this.#released = true;
    this.done = this.#working.then(() => {
      for (const tensor of Object.values(this.#cache)) tensor.dispose();
      this.#cache = {};
      this.#ids?.dispose();
    });
  }

  /** After a release: settles when nothing of this run is left. */
  done: Promise<void> = Promise.resolve();

  async #enqueue(steps: number): Promise<void> {
    const firstStep = this.#step;
    if (firstStep === 0) await this.#prefill();
    const stats: Tensor[] = [];
    for (let i = 0; i < steps && !this.#released; i++) stats.push(await this.#runStep(firstStep + i));
    this.#step += steps;
    if (!this.#released) {
      const read = this.runtime.readBack(stats);
      // Whoever waits for the numbers hears of it.
      read.catch(() => undefined);
      this.#pending.push({ firstStep, stats: read });
    }
    for (const tensor of stats) tensor.dispose();
  }

  /** Puts all but the last position of the prefixes into the cache: the last one gives the first token, as every later step does. */
  async #prefill(): Promise<void> {
    const { ort } = this.runtime;
    const ids = new BigInt64Array(this.#lanes * this.#padded).fill(BigInt(this.plan.pad));
    this.plan.prefixes.forEach((prefix, lane) => {
      ids.set(BigInt64Array.from(prefix, BigInt), (lane + 1) * this.#padded - prefix.length);
    });
    const embeddings = await this.graphs.embedText(ids, this.#lanes, this.#padded);
    if (this.#released) return;
    (await this.#advance(part(ort, embeddings, 0, this.#padded - 1), this.#padded - 1)).dispose();
    this.#lastOfPrefix = part(ort, embeddings, this.#padded - 1, this.#padded);
  }

  async #runStep(step: number): Promise<Tensor> {
    const { ort } = this.runtime;
    const { codes } = this.graphs.shape;
    const embeddings = this.#ids ? await this.graphs.embedImage(this.#ids) : this.#lastOfPrefix;
    if (!embeddings) throw new Error('A step needs the prefix before it.');
    const logits = await this.graphs.logits(await this.#advance(embeddings, 1));
    const { noise, forced } = stepInputs(this.plan, codes, step, 1);
    const { next_ids: next, stats } = await this.graphs.sample({
      ...this.#constant,
      logits,
      noise: new ort.Tensor('float32', noise, [2, codes]),
      forced: new ort.Tensor('int64', forced, [2]),
    });
    for (const tensor of [embeddings, logits, this.#ids]) tensor?.dispose();
    this.#lastOfPrefix = null;
    this.#ids = next as Tensor;
    return stats as Tensor;
  }

  /** Runs the language model over the next `count` positions and takes its cache over; gives the hidden states. */
  async #advance(embeddings: Tensor, count: number): Promise<Tensor> {
    const { ort } = this.runtime;
    const total = this.#length + count;
    const mask = new BigInt64Array(this.#lanes * total).fill(1n);
    const positions = new BigInt64Array(this.#lanes * count);
    this.plan.prefixes.forEach(({ length }, lane) => {
      const pads = this.#padded - length;
      mask.fill(0n, lane * total, lane * total + Math.min(pads, total));
      for (let i = 0; i < count; i++) {
        const position = this.#length + i - pads;
        positions[lane * count + i] = BigInt(position < 0 ? 1 : position);
      }
    });
    const past = this.#cache;
    const { hidden, cache } = await this.graphs.advance(
      embeddings,
      new ort.Tensor('int64', mask, [this.#lanes, total]),
      new ort.Tensor('int64', positions, [this.#lanes, count]),
      past,
    );
    for (const tensor of Object.values(past)) tensor.dispose();
    this.#cache = cache;
    this.#length = total;
    return hidden;
  }
}
