import type { DecodedImage, ExecutionProvider, Grid, Pair, SamplingSettings, StepEvent } from '@/lib/domain';
import type { PictureJudge } from '@/lib/judge';
import type { ModelLocation } from '@/lib/models';

export interface DrawRequest {
  readonly prompts: Pair<string>;
  readonly settings: SamplingSettings;
  /**
   * Tokens to take instead of sampling, by step; -1, or a step past the end, samples.
   * Statistics and `choice` are reported as usual.
   */
  readonly forced?: Pair<Int32Array>;
  /**
   * Begin from these tokens of both sides, equally many: they are neither drawn nor reported, and steps start after them.
   * What follows is that of a draw in which they are forced. Refused with `bad-request` where they do not fit the model.
   */
  readonly from?: Pair<Int32Array>;
  /** Run the two cross lanes (prompt divergence, cross scores). Never changes tokens. Default true. */
  readonly crossLanes?: boolean;
}

/** Teacher-forces given tokens and reports the guidance-free cross quantities of every step. */
export interface CrossScores {
  readonly promptDivergenceBits: Pair<Float32Array>;
  readonly crossScoreBits: Pair<Float32Array>;
}

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

export interface Engine {
  readonly info: EngineInfo | null;
  load(
    model: ModelLocation,
    options?: { readonly signal?: AbortSignal; readonly onProgress?: (progress: LoadProgress) => void },
  ): Promise<EngineInfo>;
  /**
   * Steps in order, from 0 or after the given tokens. Pull-based: nothing is computed more than two chunks ahead of the consumer,
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

/** Tokens to pixels. It loads by itself, so links and recordings need no language model. */
export interface PixelDecoder {
  load(
    model: ModelLocation,
    options?: { readonly signal?: AbortSignal; readonly onProgress?: (progress: LoadProgress) => void },
  ): Promise<void>;
  /** Decodes each grid; a grid shorter than rows x columns is padded with the model's background code. */
  decode(grids: readonly Int32Array[]): Promise<DecodedImage[]>;
  dispose(): Promise<void>;
}

/** What one worker serves of drawn tokens: their pixels, and a judge's opinion of them. */
export type TokenReader = PixelDecoder & PictureJudge;
