import type * as ort from 'onnxruntime-web';
import { type Claim, ClaimParser, type Reading } from './claims';
import type { JudgeLabels } from './labels';
import { Matcher, seenOf } from './match';

/** The part of ONNX Runtime that the judge needs; a session on judge.onnx is made and released by the caller. */
export type JudgeSession = Pick<ort.InferenceSession, 'run'>;
export type TensorClass = Pick<typeof ort, 'Tensor'>;

/**
 * The judge of the embedded domain: answers the benchmark's question, "Does this image match the description?", by
 * P(yes) / (P(yes) + P(no)). Its runs follow one another, as sessions allow one at a time.
 */
export class EmbeddedJudge {
  readonly version: string;
  readonly #parser: ClaimParser;
  readonly #matcher: Matcher;
  #turn: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly ort: TensorClass,
    private readonly session: JudgeSession,
    private readonly labels: JudgeLabels,
  ) {
    this.version = labels.graph.sha256.slice(0, 12);
    this.#parser = new ClaimParser(labels);
    this.#matcher = new Matcher(labels);
  }

  /** What a caption claims; each is read once, for however many pictures. */
  read(caption: string): Reading {
    return this.#parser.read(caption);
  }

  /** Score in 0..1 of a picture's codes (raster order) for a caption's claim. */
  async score(tokens: ArrayLike<number>, claim: Claim): Promise<number> {
    const { rows, columns } = this.labels.grid;
    if (tokens.length !== rows * columns)
      throw new RangeError(`A picture has ${rows * columns} tokens, not ${tokens.length}.`);
    const ids = BigInt64Array.from(Array.from(tokens, (token) => BigInt(token)));
    const run = this.#turn.then(() => this.session.run({ tokens: new this.ort.Tensor('int64', ids, [1, ids.length]) }));
    this.#turn = run.catch(() => undefined);
    const { cells, background } = await run;
    if (!cells || !background)
      throw new TypeError('The graph is not a judge: it has no outputs "cells" and "background".');
    return this.#matcher.probability(
      seenOf(this.labels, cells.data as Float32Array, background.data as Float32Array),
      claim,
    );
  }
}
