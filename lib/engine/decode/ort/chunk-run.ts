import { EngineError } from '@/lib/domain';
import type { Chunk, DecodeRun } from '../backend';
import type { SamplingPlan } from '../plan';
import { chunkLengths, type Schedule } from '../schedule';
import { constantFeeds, stepInputs } from './feeds';
import type { Feeds, Ort, Session, Tensor } from './types';

const FIRST_CHUNK = 4;
const CHUNK = 16;
const CHUNK_OF_LARGE = 4;

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
  readonly carried: Tensor;
  readonly cache: Feeds;
  /** Further inputs of the first run, and of every later one. */
  feeds(first: boolean): Feeds;
}

/** One drawing, a run of the graph for each chunk; the first one takes the prefix in. */
export class ChunkRun implements DecodeRun {
  readonly schedule: Schedule;
  readonly #constant: Feeds;
  #start: ChunkStart | null = null;
  #carried: Feeds = {};
  #position = 0;
  #released = false;

  constructor(
    private readonly graph: ChunkGraph,
    private readonly plan: SamplingPlan,
    private readonly begin: () => Promise<ChunkStart>,
  ) {
    this.schedule = {
      lengths: chunkLengths(graph.steps, FIRST_CHUNK, graph.large ? CHUNK_OF_LARGE : CHUNK),
      inFlight: 1,
    };
    this.#constant = constantFeeds(graph.ort, plan, graph.codes);
  }

  async enqueue(firstStep: number, steps: number): Promise<Chunk | null> {
    const { ort, session, file, codes, carried, cache } = this.graph;
    const first = this.#start === null;
    this.#start ??= await this.begin();
    if (this.#released) return null;
    if (first) this.#carried = { ...this.#start.cache, [carried.past]: this.#start.carried };
    const { noise, forced } = stepInputs(this.plan, codes, firstStep, steps);
    const length = this.#carried[carried.past]?.dims[1] ?? 0;
    const results = await session.run({
      ...this.#constant,
      ...this.#carried,
      ...this.#start.feeds(first),
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
    return { stats: Promise.resolve(Float32Array.from(result('stats').data as Float32Array)) };
  }

  release() {
    this.#released = true;
    this.#carried = {};
  }
}
