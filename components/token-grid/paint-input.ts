import type { BenchState, Frame } from '@/lib/state/bench';
import type { CanvasTheme } from './canvas-theme';
import type { Placement } from './geometry';

/** What a grid's painter gets: an empty canvas and the state of the moment. */
export interface PaintInput {
  readonly context: CanvasRenderingContext2D;
  readonly placement: Placement;
  /** Device pixels in a CSS pixel. */
  readonly unit: number;
  readonly theme: CanvasTheme;
  readonly state: BenchState;
  readonly frame: Frame;
}

export type Painter = (input: PaintInput) => void;
