import { EngineError, type Pair, type SamplingSettings, type StepEvent } from '@/lib/domain';
import type { Engine } from './interface/engine';

/** A comparison, as far as replaying it needs. */
export interface Replayable {
  readonly prompts: Pair<string>;
  readonly settings: SamplingSettings;
  readonly tokens: Pair<Int32Array>;
}

export interface RerunSide {
  /** Steps at which this machine's model would take the author's token. */
  readonly agree: number;
  /** The steps at which it would take another. */
  readonly mismatches: readonly number[];
  /** How near any choice was to going another way: the smallest margin (nats), and its step. Infinity and -1 without steps. */
  readonly smallestMargin: number;
  readonly smallestMarginStep: number;
}

export interface RerunReport {
  readonly steps: number;
  readonly sides: Pair<RerunSide>;
}

interface Tally {
  agree: number;
  mismatches: number[];
  smallestMargin: number;
  smallestMarginStep: number;
}

/**
 * Replays the author's tokens through this machine's model, one forced step after another, and reports at how many of them it
 * would have chosen the same. Steps after the author's last token are not drawn.
 */
export async function rerun(
  engine: Pick<Engine, 'draw' | 'info'>,
  { prompts, settings, tokens }: Replayable,
  { signal, onStep }: { readonly signal?: AbortSignal; readonly onStep?: (event: StepEvent) => void } = {},
): Promise<RerunReport> {
  const undrawn = (values: Int32Array) => values.findIndex((token) => token < 0);
  const drawn = (values: Int32Array) => (undrawn(values) < 0 ? values.length : undrawn(values));
  const steps = Math.min(drawn(tokens.a), drawn(tokens.b));
  const grid = engine.info?.grid;
  if (grid && steps > grid.rows * grid.columns) {
    throw new EngineError('bad-request', { problem: 'The comparison has more tokens than this model draws.' });
  }
  const tally = (): Tally => ({ agree: 0, mismatches: [], smallestMargin: Infinity, smallestMarginStep: -1 });
  const sides = { a: tally(), b: tally() };
  if (steps === 0) return { steps, sides };
  for await (const event of engine.draw({ prompts, settings, forced: tokens }, signal ? { signal } : {})) {
    for (const side of ['a', 'b'] as const) {
      const { token, choice, margin } = event.sides[side];
      const count = sides[side];
      if (choice === token) count.agree++;
      else count.mismatches.push(event.step);
      if (margin < count.smallestMargin) {
        count.smallestMargin = margin;
        count.smallestMarginStep = event.step;
      }
    }
    onStep?.(event);
    if (event.step === steps - 1) break;
  }
  return { steps, sides };
}
