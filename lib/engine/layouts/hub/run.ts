import type { Chunk, DecodeRun } from '../../decode/backend';
import { constantFeeds, stepInputs } from '../../decode/ort/feeds';
import { leftPadded } from '../../decode/ort/prefix';
import type { Feeds, Tensor } from '../../decode/ort/types';
import { paddedLength } from '../../decode/padding';
import type { DecodePlan } from '../../decode/plan';
import { chunkLengths, type Schedule, wholeRowLengths } from '../../decode/schedule';
import type { HeldTensor, HubRuntime, KvCache } from '../../runtime/parts-runtime';
import type { HubGraphs } from './graphs';

/** What a folder's sequences are made of beside their prefixes. */
export interface HubSequence {
  /** Fills prefixes up on the left; masked out. */
  readonly pad: number;
  /** Tokens of an image, and of one of its rows. */
  readonly steps: number;
  readonly columns: number;
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
 * Of the cache, at most one past and one present are alive. Mask and positions are given from the CPU, because graphs compute shapes from them there.
 */
export class HubRun implements DecodeRun {
  readonly schedule: Schedule;
  readonly #lanes: number;
  readonly #padded: number;
  /** Positions [from, to) that are put into the cache before the first step, a run each. */
  readonly #pieces: (readonly [from: number, to: number])[] = [];
  readonly #held: HeldTensor[] = [];
  #inputs: { readonly constant: Feeds; readonly noise: HeldTensor; readonly forced: HeldTensor } | null = null;
  #cache: KvCache | null = null;
  /** The token ids that go into the next step, int64 [lanes, 1]. */
  #ids: Tensor | null = null;
  #lastOfPrefix: Tensor | null = null;
  /** Positions in the cache. */
  #length = 0;
  #released = false;
  /** Settles once everything asked for is enqueued. */
  #working: Promise<unknown>;

  constructor(
    private readonly runtime: HubRuntime,
    private readonly graphs: HubGraphs,
    private readonly sequence: HubSequence,
    private readonly plan: DecodePlan,
    /** Settles when the run before has let go of its tensors. */
    free: Promise<void> = Promise.resolve(),
  ) {
    this.#lanes = plan.lanes.lanes.length;
    this.#padded = paddedLength(Math.max(...plan.prefixes.map(({ length }) => length)));
    const { steps, columns } = sequence;
    this.schedule = {
      lengths:
        runtime.chunk === 'step' ? chunkLengths(steps, 1, 1) : wholeRowLengths(steps, columns, Math.ceil(columns / 4)),
      inFlight: runtime.inFlight,
    };
    // Upon a cache, one at a time: the masks of onnxruntime-genai's builder take several positions only while the cache is empty.
    for (let from = 0; from < this.#padded - 1;) {
      const to = Math.min(from + (from === 0 ? runtime.prefill : 1), this.#padded - 1);
      this.#pieces.push([from, to]);
      from = to;
    }
    this.#working = free;
  }

  enqueue(firstStep: number, steps: number): Promise<Chunk | null> {
    const chunk = this.#working.then(() => this.#enqueue(firstStep, steps));
    this.#working = chunk;
    return chunk;
  }

  /** Ends once the step under way is done, and frees the tensors then. */
  release(): void {
    if (this.#released) return;
    this.#released = true;
    this.done = this.#working.then(
      () => {
        this.#free();
      },
      () => {
        this.#free();
      },
    );
  }

  /** After a release: settles when nothing of this run is left. */
  done: Promise<void> = Promise.resolve();

  #free(): void {
    this.#cache?.dispose();
    this.#ids?.dispose();
    for (const held of this.#held) held.dispose();
  }

  async #enqueue(firstStep: number, steps: number): Promise<Chunk | null> {
    if (firstStep === 0 && !this.#released) await this.#prefill();
    const all: Tensor[] = [];
    for (let i = 0; i < steps && !this.#released; i++) all.push(await this.#runStep(firstStep + i));
    const stats = this.#released ? null : this.runtime.readBack(all);
    for (const tensor of all) tensor.dispose();
    return stats && { stats };
  }

  /** Puts all but the last position of the prefixes into the cache: the last one gives the first token, as every later step does. */
  async #prefill(): Promise<void> {
    const { ort } = this.runtime;
    const ids = leftPadded(this.plan.prefixes, this.sequence.pad, this.#padded);
    const embeddings = await this.graphs.embedText(ids, this.#lanes, this.#padded);
    await this.#takeRoom();
    for (const [from, to] of this.#pieces) {
      if (this.#released) return;
      (await this.#advance(part(ort, embeddings, from, to), to - from)).dispose();
    }
    this.#lastOfPrefix = part(ort, embeddings, this.#padded - 1, this.#padded);
  }

  /** Allocates all that the drawing takes while it goes on. */
  async #takeRoom(): Promise<void> {
    const { plan, runtime, sequence } = this;
    const { codes, cache: ports, cacheType: type, heads, headSize } = this.graphs.shape;
    const lengths = [
      ...this.#pieces.map(([, to]) => to),
      ...Array.from({ length: sequence.steps }, (_, step) => this.#padded + step),
    ];
    this.#cache = await runtime.createCache({ ports, type, lanes: this.#lanes, heads, headSize, lengths });
    const hold = (data: Float32Array | BigInt64Array, dims: readonly number[]) => {
      const held = runtime.hold(data, dims);
      this.#held.push(held);
      return held;
    };
    const constant = Object.entries(constantFeeds(runtime.ort, plan, codes)).map(
      ([name, { data, dims }]) => [name, hold(data as Float32Array | BigInt64Array, dims).tensor] as const,
    );
    this.#inputs = {
      constant: Object.fromEntries(constant),
      noise: hold(new Float32Array(2 * codes), [2, codes]),
      forced: hold(new BigInt64Array(2), [2]),
    };
  }

  async #runStep(step: number): Promise<Tensor> {
    const embeddings = this.#ids ? await this.graphs.embedImage(this.#ids) : this.#lastOfPrefix;
    if (!embeddings || !this.#inputs) throw new Error('A step needs the prefix before it.');
    const logits = await this.graphs.logits(await this.#advance(embeddings, 1));
    const { constant, noise, forced } = this.#inputs;
    const inputs = stepInputs(this.plan, this.graphs.shape.codes, step, 1);
    noise.write(inputs.noise);
    forced.write(inputs.forced);
    const { next_ids: next, stats } = await this.graphs.sample({
      ...constant,
      logits,
      noise: noise.tensor,
      forced: forced.tensor,
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
    if (!this.#cache) throw new Error('A step needs the prefix before it.');
    const hidden = await this.graphs.advance(
      embeddings,
      new ort.Tensor('int64', mask, [this.#lanes, total]),
      new ort.Tensor('int64', positions, [this.#lanes, count]),
      this.#cache,
    );
    this.#length = total;
    return hidden;
  }
}
