import type { DecodedImage } from '@/lib/domain';
import type { ModelLocation } from '@/lib/models';

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
