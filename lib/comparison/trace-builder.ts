import { type Pair, type StepEvent, TOP_COUNT } from '@/lib/domain';
import type { Trace } from './trace';

type Full = Required<Trace>;

/**
 * Builds tokens and a trace from the steps of a draw. All arrays have their full length from the start (tokens -1, numbers NaN,
 * ranks 0 where nothing has arrived) and are filled in place; `trace.length` grows with each step.
 */
export class TraceBuilder {
  readonly tokens: Pair<Int32Array>;
  readonly trace: Full;
  readonly #trace: { -readonly [K in keyof Full]: Full[K] };

  constructor(readonly steps: number) {
    const pair = <T>(make: () => T): Pair<T> => ({ a: make(), b: make() });
    const floats = (length = steps) => new Float32Array(length).fill(NaN);
    this.tokens = pair(() => new Int32Array(steps).fill(-1));
    this.#trace = {
      length: 0,
      precision: 'exact',
      probability: pair(floats),
      rank: pair(() => new Int32Array(steps)),
      entropyBits: pair(floats),
      margin: pair(floats),
      divergenceBits: floats(),
      promptDivergenceBits: pair(floats),
      crossScoreBits: pair(floats),
      topTokens: pair(() => new Int32Array(steps * TOP_COUNT).fill(-1)),
      topProbabilities: pair(() => floats(steps * TOP_COUNT)),
    };
    this.trace = this.#trace;
  }

  /** Adds the next step. @throws RangeError if a step is missing, repeated or past the end. */
  add(event: StepEvent): void {
    const { step } = event;
    if (step !== this.#trace.length || step >= this.steps) {
      throw new RangeError(`Step ${this.#trace.length} of ${this.steps} was expected, not ${step}.`);
    }
    const trace = this.#trace;
    trace.divergenceBits[step] = event.divergenceBits;
    for (const side of ['a', 'b'] as const) {
      const from = event.sides[side];
      this.tokens[side][step] = from.token;
      trace.probability[side][step] = from.probability;
      trace.rank[side][step] = from.rank;
      trace.entropyBits[side][step] = from.entropyBits;
      trace.margin[side][step] = from.margin;
      trace.promptDivergenceBits[side][step] = from.promptDivergenceBits;
      trace.crossScoreBits[side][step] = from.crossScoreBits;
      trace.topTokens[side].set(from.topTokens, step * TOP_COUNT);
      trace.topProbabilities[side].set(from.topProbabilities, step * TOP_COUNT);
    }
    trace.length = step + 1;
  }

  /** Forgets the steps from `length` on, as if they had not been drawn. */
  truncate(length: number): void {
    const trace = this.#trace;
    for (const side of ['a', 'b'] as const) {
      this.tokens[side].fill(-1, length);
      trace.rank[side].fill(0, length);
      trace.topTokens[side].fill(-1, length * TOP_COUNT);
      trace.topProbabilities[side].fill(NaN, length * TOP_COUNT);
      for (const member of [
        'probability',
        'entropyBits',
        'margin',
        'promptDivergenceBits',
        'crossScoreBits',
      ] as const) {
        trace[member][side].fill(NaN, length);
      }
    }
    trace.divergenceBits.fill(NaN, length);
    trace.length = Math.min(trace.length, length);
  }
}
