import { TOP_COUNT } from '../engine';
import type { Comparison } from '../comparison';
import type { EngineInfo, Pair, SamplingSettings, Side, StepEvent } from '../engine';
import type { Trace } from '../trace';
import type { Frame, Origin } from './bench-types';

export const sides = ['a', 'b'] as const satisfies readonly Side[];

export const pairOf = <T>(make: (side: Side) => T): Pair<T> => ({ a: make('a'), b: make('b') });

let frames = 0;

const nextKey = (): string => `frame-${++frames}`;

/** Every member that a live draw fills, at its full length. */
type FullTrace = { -readonly [Member in keyof Required<Trace>]: Required<Trace>[Member] };

const emptyTrace = (steps: number): FullTrace => ({
  length: 0,
  precision: 'exact',
  probability: pairOf(() => new Float32Array(steps).fill(Number.NaN)),
  rank: pairOf(() => new Int32Array(steps)),
  entropyBits: pairOf(() => new Float32Array(steps).fill(Number.NaN)),
  margin: pairOf(() => new Float32Array(steps).fill(Number.NaN)),
  divergenceBits: new Float32Array(steps).fill(Number.NaN),
  promptDivergenceBits: pairOf(() => new Float32Array(steps).fill(Number.NaN)),
  crossScoreBits: pairOf(() => new Float32Array(steps).fill(Number.NaN)),
  topTokens: pairOf(() => new Int32Array(steps * TOP_COUNT).fill(-1)),
  topProbabilities: pairOf(() => new Float32Array(steps * TOP_COUNT)),
});

/** A frame that a draw fills step by step. */
export interface LiveFrame {
  readonly frame: Frame;
  /** Steps must come in order, from 0. */
  apply(event: StepEvent): void;
  /** Forgets the steps from `length` on, as if they had not been drawn. */
  truncate(length: number): void;
}

export const createLiveFrame = (
  info: EngineInfo,
  prompts: Pair<string>,
  settings: SamplingSettings,
): LiveFrame => {
  const steps = info.grid.rows * info.grid.columns;
  const trace = emptyTrace(steps);
  const tokens = pairOf(() => new Int32Array(steps).fill(-1));
  const frame: Frame = {
    key: nextKey(),
    origin: 'live',
    prompts,
    settings,
    model: { name: info.modelName, hash: info.modelHash },
    // The adapter's name is added only when its owner says so, on sharing.
    provenance: { executionProvider: info.executionProvider, weightType: info.weightType, runtime: info.runtime, lanes: 6, adapter: null },
    grid: info.grid,
    codes: info.codes,
    tokens,
    trace,
  };
  return {
    frame,
    apply({ step, sides: both, divergenceBits }) {
      for (const side of sides) {
        const from = both[side];
        tokens[side][step] = from.token;
        trace.probability[side][step] = from.probability;
        trace.rank[side][step] = from.rank;
        trace.entropyBits[side][step] = from.entropyBits;
        trace.margin[side][step] = from.margin;
        trace.promptDivergenceBits[side][step] = from.promptDivergenceBits;
        trace.crossScoreBits[side][step] = from.crossScoreBits;
        trace.topTokens[side].set(from.topTokens, step * TOP_COUNT);
        trace.topProbabilities[side].set(from.topProbabilities, step * TOP_COUNT);
      }
      trace.divergenceBits[step] = divergenceBits;
      trace.length = step + 1;
    },
    truncate(length) {
      const blank = emptyTrace(steps);
      for (const side of sides) {
        tokens[side].fill(-1, length);
        for (const member of ['probability', 'rank', 'entropyBits', 'margin', 'promptDivergenceBits', 'crossScoreBits'] as const) {
          trace[member][side].set(blank[member][side].subarray(length), length);
        }
        trace.topTokens[side].fill(-1, length * TOP_COUNT);
        trace.topProbabilities[side].fill(0, length * TOP_COUNT);
      }
      trace.divergenceBits.fill(Number.NaN, length);
      trace.length = Math.min(trace.length, length);
    },
  };
};

/** The frame of a finished comparison. */
export const frameOf = (comparison: Comparison, origin: Origin): Frame => ({ key: nextKey(), origin, ...comparison });

/** The comparison that a frame holds: what is shared. Only for frames drawn to the end. */
export const comparisonOf = ({ model, prompts, settings, grid, codes, tokens, trace, provenance }: Frame): Comparison => ({
  model,
  prompts,
  settings,
  grid,
  codes,
  tokens,
  trace,
  provenance,
});
