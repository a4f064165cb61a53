import { type Comparison, TraceBuilder } from '@/lib/comparison';
import type { Pair, SamplingSettings, StepEvent } from '@/lib/domain';
import { type EngineInfo, provenanceOf } from '@/lib/engine';
import type { Frame, Origin } from './bench-types';

let frames = 0;

const nextKey = (): string => `frame-${++frames}`;

/** A frame that a draw fills step by step. */
export interface LiveFrame {
  readonly frame: Frame;
  /** Steps must come in order, from 0. */
  apply(event: StepEvent): void;
  /** Forgets the steps from `length` on, as if they had not been drawn. */
  truncate(length: number): void;
}

export const createLiveFrame = (info: EngineInfo, prompts: Pair<string>, settings: SamplingSettings): LiveFrame => {
  const builder = new TraceBuilder(info.grid.rows * info.grid.columns);
  return {
    frame: {
      key: nextKey(),
      origin: 'live',
      prompts,
      settings,
      model: { name: info.modelName, hash: info.modelHash },
      provenance: provenanceOf(info, settings, true),
      grid: info.grid,
      codes: info.codes,
      tokens: builder.tokens,
      trace: builder.trace,
    },
    apply: (event) => builder.add(event),
    truncate: (length) => builder.truncate(length),
  };
};

/** The frame of a finished comparison. */
export const frameOf = (comparison: Comparison, origin: Origin): Frame => ({ key: nextKey(), origin, ...comparison });

/** The comparison that a frame holds: what is shared. Only for frames drawn to the end. */
export const comparisonOf = ({
  model,
  prompts,
  settings,
  grid,
  codes,
  tokens,
  trace,
  provenance,
}: Frame): Comparison => ({
  model,
  prompts,
  settings,
  grid,
  codes,
  tokens,
  trace,
  provenance,
});
