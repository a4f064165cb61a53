import type { DecodedImage, Pair } from '@/lib/domain';
import type { Judgement, JudgeRequest, ReadingRequest, WordProbabilities } from '@/lib/judge';
import type { ModelLocation } from '@/lib/models';
import type { RawSteps } from '../decode/stats';
import type { CrossScores, DrawRequest, EngineInfo, LoadProgress } from '../interface/engine';
import type { MissingRows } from '../local-engine';

/** What a load tells while it goes on. */
export type LoadNotice =
  | { readonly kind: 'progress'; readonly progress: LoadProgress }
  | { readonly kind: 'not-stored' }
  /** The worker is about to read the tokenizer, or has read it: the part that a hostile file keeps from ending. */
  | { readonly kind: 'tokenizer'; readonly busy: boolean };

/** The methods of an engine worker. */
export interface EngineMethods {
  load: { request: { readonly model: ModelLocation }; notice: LoadNotice; chunk: never; reply: EngineInfo };
  draw: { request: DrawRequest; notice: never; chunk: RawSteps; reply: undefined };
  crossScores: {
    request: { readonly prompts: Pair<string>; readonly tokens: Pair<Int32Array> };
    notice: never;
    chunk: never;
    reply: CrossScores;
  };
  readPrompts: { request: { readonly prompts: Pair<string> }; notice: never; chunk: never; reply: MissingRows | null };
  takeRows: {
    request: { readonly ids: readonly number[]; readonly data: Uint8Array };
    notice: never;
    chunk: never;
    reply: undefined;
  };
  dispose: { request: undefined; notice: never; chunk: never; reply: undefined };
  /** Destroys the GPU device, as a driver reset would; for tests of recovery. */
  loseDevice: { request: undefined; notice: never; chunk: never; reply: undefined };
  /** Throws outside every handler, as a fault in the worker would; for tests of recovery. */
  crash: { request: undefined; notice: never; chunk: never; reply: undefined };
}

/** The methods of a decoder worker. */
export interface DecoderMethods {
  load: { request: { readonly model: ModelLocation }; notice: LoadProgress; chunk: never; reply: undefined };
  decode: { request: { readonly grids: readonly Int32Array[] }; notice: never; chunk: never; reply: DecodedImage[] };
  judge: { request: JudgeRequest; notice: never; chunk: never; reply: Judgement };
  dispose: { request: undefined; notice: never; chunk: never; reply: undefined };
}

/** The methods of a reader worker. */
export interface ReaderMethods {
  version: { request: { readonly model: ModelLocation }; notice: never; chunk: never; reply: string };
  read: { request: ReadingRequest; notice: never; chunk: never; reply: WordProbabilities };
}
