import type * as ort from 'onnxruntime-web';
import type { ExecutionProvider, Pair, SamplingSettings } from '@/lib/domain';
import type { LanePlan } from './lanes';
import { noiseOfSteps } from './noise';
import { samplerInputs } from './sampler-inputs';
import type { RawSteps } from './stats';

/** The namespace of ONNX Runtime, whichever build it comes from. */
export type Ort = typeof ort;
export type Session = Awaited<ReturnType<Ort['InferenceSession']['create']>>;
export type Feeds = Record<string, InstanceType<Ort['Tensor']>>;

/** What running a fused graph takes to know of it. */
export interface GraphShape {
  /** Tokens of an image, and of one of its rows. */
  readonly steps: number;
  readonly columns: number;
  readonly codes: number;
  readonly layers: number;
  readonly heads: number;
  readonly headSize: number;
  /** Of keys and values in the graph for WebGPU; those of the other one are float32. */
  readonly cacheType: 'float32' | 'float16';
  /** Weights that every step reads. */
  readonly parameters: number;
}

/** What the graphs of one model are made of. */
export interface GraphFiles {
  readonly shape: GraphShape;
  /** For messages. */
  readonly file: string;
  readonly graph: Uint8Array;
  /** By the names under which the graph looks for them. */
  readonly weights: readonly { readonly path: string; readonly data: Uint8Array }[];
}

/** What the sampler needs to know of a drawing. */
export interface SamplingPlan {
  readonly lanes: LanePlan;
  readonly settings: SamplingSettings;
  readonly forced: Pair<Int32Array> | undefined;
}

/** What stands before the image in every row. */
export interface PrefixInputs {
  /** Positions that a cache of fixed size has to keep for the prefix. */
  readonly room: number;
  /** Runs that put the prefix into the cache ahead of the one that gives the first token; none where that one takes all of it. */
  readonly earlier: readonly PrefixPiece[];
  /** Positions of every row in the run that gives the first token, padding included. */
  readonly slots: number;
  /** Positions of each row that are not padding. */
  readonly lengths: readonly number[];
  /** int64 [lanes, slots]: the graph's `ids` in that run. */
  readonly ids: BigInt64Array;
  /** What the graph takes beside `ids` in that run, and in every later one. */
  feeds(first: boolean): Feeds;
}

/** One position of every row of a prefix. */
export interface PrefixPiece {
  /** Positions of each row up to and including this one. */
  readonly lengths: readonly number[];
  feeds(): Feeds;
}

/** One drawing of all image tokens, from an empty cache. */
export interface DecodePlan extends SamplingPlan {
  readonly prefix: PrefixInputs;
}

/** A drawing under way. `next` must not be called again before it has settled. */
export interface DecodeRun {
  /** The next chunk of steps, or null after the last. */
  next(): Promise<RawSteps | null>;
  /** Frees what the run holds. Called while `next` is under way, it cuts that short: the result is not used. */
  release(): void;
}

/** Runs the fused graphs on one execution provider; one run at a time. */
export interface DecodeBackend {
  readonly executionProvider: ExecutionProvider;
  readonly adapter: string | null;
  start(plan: DecodePlan): DecodeRun;
  release(): Promise<void>;
}

/**
 * Lengths of the chunks in which steps are computed: a short one, so that the first tokens come soon, then equal ones. Fixed, so
 * that no result can depend on timing.
 */
export function chunkLengths(steps: number, first: number, rest: number): number[] {
  const lengths: number[] = [];
  for (let done = 0; done < steps; done += lengths.at(-1) ?? 0)
    lengths.push(Math.min(done === 0 ? first : rest, steps - done));
  return lengths;
}

/**
 * Lengths of the chunks where reading a chunk's numbers back costs something: as many as there are rows, and about as long, but for a short first one. Each but that one completes a
 * row.
 */
export function rowLengths(steps: number, columns: number, first: number): number[] {
  const begin = Math.min(first, steps);
  const others = Math.max(Math.ceil(steps / columns) - 1, steps > begin ? 1 : 0);
  const until = (chunk: number) => begin + Math.ceil(((steps - begin) * chunk) / others);
  return [begin, ...Array.from({ length: others }, (_, chunk) => until(chunk + 1) - until(chunk))];
}

/** The inputs of both graphs that stay the same through a drawing. */
export function constantFeeds(ort: Ort, plan: SamplingPlan, codes: number): Feeds {
  const { lanes, conditional, unconditional, cross } = plan.lanes;
  const sampler = samplerInputs(plan.settings, codes);
  const rows = ({ a, b }: Pair<number>) => new ort.Tensor('int64', BigInt64Array.of(BigInt(a), BigInt(b)), [2]);
  const float = (value: number) => new ort.Tensor('float32', Float32Array.of(value), [1]);
  return {
    cond_lane: rows(conditional),
    uncond_lane: rows(unconditional),
    cross_lane: rows(cross),
    lane_side: new ort.Tensor(
      'int64',
      BigInt64Array.from(lanes, ({ history }) => (history === 'a' ? 0n : 1n)),
      [lanes.length],
    ),
    guidance: float(sampler.guidance),
    temperature: float(sampler.temperature),
    top_p: float(sampler.topP),
    plausibility_log: float(sampler.plausibilityLog),
    top_k: new ort.Tensor('int64', BigInt64Array.of(BigInt(sampler.topK)), [1]),
  };
}

/** The inputs that belong to a run of steps: noise float32 [steps, 2, codes] and forced int64 [steps, 2]. */
export function stepInputs(
  plan: SamplingPlan,
  codes: number,
  firstStep: number,
  steps: number,
): { readonly noise: Float32Array; readonly forced: BigInt64Array } {
  const forced = new BigInt64Array(2 * steps).fill(-1n);
  for (let i = 0; i < steps; i++) {
    forced[2 * i] = BigInt(plan.forced?.a[firstStep + i] ?? -1);
    forced[2 * i + 1] = BigInt(plan.forced?.b[firstStep + i] ?? -1);
  }
  return { noise: noiseOfSteps(plan.settings, firstStep, steps, codes), forced };
}
