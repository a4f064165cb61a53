import type { Trace } from '../trace';
import { throwIfAborted } from './errors';
import {
  TOP_COUNT,
  type DrawRequest,
  type Engine,
  type Pair,
  type Side,
  type SideStep,
  type StepEvent,
  type StepSource,
} from './types';

/** What a recording is made of; a comparison fits. Members of the trace that are not known become NaN, or empty lists. */
export interface Recorded {
  readonly tokens: Pair<Int32Array>;
  readonly trace: Trace;
}

/** Plays stored steps back as the events of a draw; always marked as recorded. */
export function recordedSource({ tokens, trace }: Recorded): StepSource {
  const number = (values: ArrayLike<number> | undefined, step: number) => values?.[step] ?? NaN;
  const sideStep = (side: Side, step: number): SideStep => {
    const token = tokens[side][step] ?? -1;
    const top = [step * TOP_COUNT, (step + 1) * TOP_COUNT] as const;
    return {
      token,
      choice: token,
      margin: number(trace.margin?.[side], step),
      probability: number(trace.probability?.[side], step),
      rank: number(trace.rank?.[side], step),
      entropyBits: number(trace.entropyBits?.[side], step),
      topTokens: trace.topTokens?.[side].slice(...top) ?? new Int32Array(0),
      topProbabilities: trace.topProbabilities?.[side].slice(...top) ?? new Float32Array(0),
      promptDivergenceBits: number(trace.promptDivergenceBits?.[side], step),
      crossScoreBits: number(trace.crossScoreBits?.[side], step),
    };
  };
  return {
    recorded: true,
    // Asynchronous as a draw is, so that both can be consumed alike.
    // eslint-disable-next-line @typescript-eslint/require-await
    async *steps({ signal, from = 0 } = {}): AsyncGenerator<StepEvent, void, undefined> {
      for (let step = from; step < trace.length; step++) {
        throwIfAborted(signal);
        yield {
          step,
          sides: { a: sideStep('a', step), b: sideStep('b', step) },
          divergenceBits: number(trace.divergenceBits, step),
        };
      }
      throwIfAborted(signal);
    },
  };
}

/** A draw as a source of steps. Starting later than step 0 draws, but does not yield, the steps before. */
export function liveSource(engine: Pick<Engine, 'draw'>, request: DrawRequest): StepSource {
  return {
    recorded: false,
    async *steps({ signal, from = 0 } = {}): AsyncGenerator<StepEvent, void, undefined> {
      for await (const event of engine.draw(request, signal ? { signal } : {})) if (event.step >= from) yield event;
    },
  };
}
