import type { Pair, StepEvent } from '../engine';
import { sides } from './live-frame';
import type { RerunState } from './session-types';

export type RerunReport = Omit<RerunState, 'phase'>;

export const emptyReport = (frameKey: string, total: number): RerunReport => ({
  frameKey,
  steps: 0,
  total,
  same: { a: 0, b: 0 },
  firstOther: { a: null, b: null },
  smallestMargin: null,
});

/** The report after one more replayed step, whose tokens were forced to `tokens`. */
export const addReplayedStep = (report: RerunReport, event: StepEvent, tokens: Pair<Int32Array>): RerunReport => {
  const same = { ...report.same };
  const firstOther = { ...report.firstOther };
  let { smallestMargin } = report;
  for (const side of sides) {
    const { choice, margin } = event.sides[side];
    if (choice === tokens[side][event.step]) same[side] += 1;
    else firstOther[side] ??= event.step;
    if (smallestMargin === null || margin < smallestMargin.nats) smallestMargin = { nats: margin, step: event.step, side };
  }
  return { ...report, steps: event.step + 1, same, firstOther, smallestMargin };
};
