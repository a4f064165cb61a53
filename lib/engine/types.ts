/**
 * The words of the engine. Everything here is plain data or an interface, so it can be imported from a
 * worker, from Node and from tests.
 *
 * Steps, rows and columns count from 0. A step is the raster position of one image token.
 */
import type { KnownFile, TextByRows } from '../models';

export type Side = 'a' | 'b';

/** One value for each side of a comparison. */
export interface Pair<T> {
  readonly a: T;
  readonly b: T;
}

/** `coupled`: both sides use the same noise. `independent`: each side has its own. */
export type Coupling = 'coupled' | 'independent';

export interface SamplingSettings {
  /** Unsigned 32-bit. */
  readonly seed: number;
  readonly coupling: Coupling;
  /** Classifier-free guidance weight w in u + w(c - u); 1 is the conditional distribution itself. */
  readonly guidanceWeight: number;
  /** Divides the guided logits; > 0. */
  readonly temperature: number;
  /** Keep the k largest; 0 keeps all. */
  readonly topK: number;
  /** Keep the smallest set of largest probabilities that sums to at least this; 1 keeps all. */
  readonly topP: number;
  /** Keep token t only if p_cond(t) >= plausibility * max p_cond (guidance-free); 0 is off. */
  readonly plausibility: number;
  /**
   * Take the most likely token instead of sampling. Temperature is then 1 and top-k and top-p are off;
   * the plausibility mask, being part of how guidance is applied, stays.
   */
  readonly greedy: boolean;
}

export interface Grid {
  readonly rows: number;
  readonly columns: number;
}

/** The number of most likely tokens reported at each step. */
export const TOP_COUNT = 8;

/** What one side did at one step, of the distribution it was sampled from. */
export interface SideStep {
  readonly token: number;
  /** What the sampler would have taken; differs from `token` only where the token was forced. */
  readonly choice: number;
  /** Gap between the best and the second-best noisy logit (nats): how near the choice was to another; Infinity where none was left. */
  readonly margin: number;
  readonly probability: number;
  /** 1 for the most likely token. */
  readonly rank: number;
  readonly entropyBits: number;
  /** The TOP_COUNT most likely tokens, most likely first. */
  readonly topTokens: Int32Array;
  readonly topProbabilities: Float32Array;
  /** Guidance-free, along this side's history; NaN when the draw ran without cross lanes. */
  readonly promptDivergenceBits: number;
  /** Guidance-free, signed; NaN when the draw ran without cross lanes. */
  readonly crossScoreBits: number;
}

export interface StepEvent {
  readonly step: number;
  readonly sides: Pair<SideStep>;
  /** Jensen-Shannon divergence of the two sampled-from distributions, each with its own history. */
  readonly divergenceBits: number;
}

export interface DrawRequest {
  readonly prompts: Pair<string>;
  readonly settings: SamplingSettings;
  /**
   * Tokens to take instead of sampling, by step; -1, or a step past the end, samples.
   * Statistics and `choice` are reported as usual.
   */
  readonly forced?: Pair<Int32Array>;
  /** Run the two cross lanes (prompt divergence, cross scores). Never changes tokens. Default true. */
  readonly crossLanes?: boolean;
}

/** Teacher-forces given tokens and reports the guidance-free cross quantities of every step. */
export interface CrossScores {
  readonly promptDivergenceBits: Pair<Float32Array>;
  readonly crossScoreBits: Pair<Float32Array>;
}

/**
 * Where a model's files come from. `files` are at hand, by their paths in the folder: chosen from disk, downloaded, or in this browser's
 * storage; they cross threads without being copied. Directories exist in Node only.
 */
export type ModelLocation =
  | { readonly kind: 'url'; readonly url: string }
  | {
      readonly kind: 'files';
      readonly name: string;
      readonly files: Readonly<Record<string, KnownFile>>;
      /** In place of the file with the text embeddings. */
      readonly text?: TextByRows;
    }
  | { readonly kind: 'directory'; readonly path: string };

export type ExecutionProvider = 'webgpu' | 'wasm';

export interface LoadProgress {
  readonly phase: 'runtime' | 'download' | 'verify' | 'prepare';
  /** Decoded bytes so far and in all, the runtime's own included. */
  readonly loadedBytes: number;
  readonly totalBytes: number;
  /** True while bytes come from this browser's storage rather than the network. */
  readonly fromStorage: boolean;
}

/** What runs where; part of a comparison's provenance, except the adapter's name. */
export interface EngineInfo {
  readonly modelName: string;
  /** First 16 hex digits of the SHA-256 of the model's manifest. */
  readonly modelHash: string;
  readonly executionProvider: ExecutionProvider;
  /** How the weights are stored, e.g. `int8`. */
  readonly weightType: string;
  readonly runtime: string;
  readonly threads: number;
  readonly adapter: string | null;
  readonly grid: Grid;
  readonly codes: number;
  readonly defaults: SamplingSettings;
  readonly loadMs: number;
  /** Keys and values of a drawing with cross scores at their most, bytes, for prompts of ordinary length. */
  readonly kvBytes?: number;
  /** Text embeddings are fetched row by row from their host, which sees which, and cannot be checked. */
  readonly textByRows?: boolean;
}

/** Picture of one token grid, RGBA, row-major from the top left. */
export interface DecodedImage {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8ClampedArray<ArrayBuffer>;
}

/** A source of steps: a live draw, or a recording of one. */
export interface StepSource {
  readonly recorded: boolean;
  steps(options?: { readonly signal?: AbortSignal; readonly from?: number }): AsyncIterable<StepEvent>;
}

export interface Engine {
  readonly info: EngineInfo | null;
  load(
    model: ModelLocation,
    options?: { readonly signal?: AbortSignal; readonly onProgress?: (progress: LoadProgress) => void },
  ): Promise<EngineInfo>;
  /**
   * Steps in order, from 0. Pull-based: nothing is computed more than two chunks ahead of the consumer,
   * so not pulling is a pause. One draw at a time. Breaking out of the loop or aborting frees the engine
   * within one chunk.
   */
  draw(request: DrawRequest, options?: { readonly signal?: AbortSignal }): AsyncIterable<StepEvent>;
  crossScores(
    request: { readonly prompts: Pair<string>; readonly tokens: Pair<Int32Array> },
    options?: { readonly signal?: AbortSignal },
  ): Promise<CrossScores>;
  dispose(): Promise<void>;
}

/** Which judge is asked, about which finished pictures (tokens in raster order), for which captions. */
export interface JudgeRequest {
  readonly judge: ModelLocation;
  readonly pictures: readonly Int32Array[];
  readonly captions: readonly string[];
}

/** P(yes) / (P(yes) + P(no)), 0..1, of every picture for one caption; or, in a sentence, why the caption cannot be read. */
export type CaptionScores = { readonly scores: readonly number[] } | { readonly unreadable: string };

export interface Judgement {
  readonly title: string;
  readonly version: string;
  /** In the order of the request's captions. */
  readonly captions: readonly CaptionScores[];
}

/** Says how well pictures fit captions. A judge is loaded when it is first asked; it needs tokens alone, no pixels. */
export interface PictureJudge {
  judge(request: JudgeRequest, options?: { readonly signal?: AbortSignal }): Promise<Judgement>;
}

/** What is asked about a picture, and of which words the probability of being the first of the answer is wanted. */
export interface ReadingRequest {
  readonly model: ModelLocation;
  readonly image: DecodedImage;
  readonly question: string;
  readonly words: readonly string[];
}

/** By word, out of everything that the answer might begin with. */
export type WordProbabilities = readonly (readonly [word: string, probability: number])[];

/** A model that answers questions about pictures, such as a Janus with all its parts. It is loaded when first asked. */
export interface PictureReader {
  /** Stands for the files that decide about answers. */
  version(model: ModelLocation, options?: { readonly signal?: AbortSignal }): Promise<string>;
  read(request: ReadingRequest, options?: { readonly signal?: AbortSignal }): Promise<WordProbabilities>;
  dispose(): Promise<void>;
}

/** What reads drawn tokens: as pixels, and as a judge. It loads by itself, so links and recordings need no language model. */
export interface PixelDecoder extends PictureJudge {
  load(
    model: ModelLocation,
    options?: { readonly signal?: AbortSignal; readonly onProgress?: (progress: LoadProgress) => void },
  ): Promise<void>;
  /** Decodes each grid; a grid shorter than rows x columns is padded with the model's background code. */
  decode(grids: readonly Int32Array[]): Promise<DecodedImage[]>;
  dispose(): Promise<void>;
}
