import type { BenchStore } from './bench-types';

/** Steps a second of a replay. */
const replayRates = { 1: 18, 4: 72, max: 720 } as const;

/**
 * A live draw's tokens arrive in bursts; the playhead spreads each over the time that it took to come, within
 * these limits, so that tokens appear one by one at about the speed at which they are drawn.
 */
const QUICKEST_SPREAD = 0.35;
const SLOWEST_SPREAD = 2;
const SLOWEST_RATE = 3;

/** Schedules `callback` before the next paint; returns how to cancel it. */
export type Scheduler = (callback: (timeMs: number) => void) => () => void;

export const onAnimationFrame: Scheduler = (callback) => {
  const handle = requestAnimationFrame(callback);
  return () => cancelAnimationFrame(handle);
};

export interface Playhead {
  /** Whether the playhead runs after a live draw; scrubbing lets go of it. */
  follow(following: boolean): void;
  /** Shows everything that has arrived at once. */
  finish(): void;
  dispose(): void;
}

/**
 * Moves `revealed` on animation frames: one by one towards `drawn` while a draw is followed, and at the
 * chosen speed in a replay. Nothing is scheduled while the playhead rests.
 */
export const startPlayhead = (bench: BenchStore, schedule: Scheduler = onAnimationFrame): Playhead => {
  let following = false;
  let cancel: (() => void) | null = null;
  let before: number | null = null;
  // The playhead's exact position; `revealed` is its whole part.
  let position = 0;
  let moved = -1;
  let arrivedMs: number | null = null;
  /** Steps a second at which the last burst is revealed. */
  let pace = SLOWEST_RATE;

  const onArrival = (drawn: number): void => {
    const nowMs = performance.now();
    const seconds = arrivedMs === null ? 0 : (nowMs - arrivedMs) / 1000;
    arrivedMs = nowMs;
    const spread = Math.min(Math.max(seconds, QUICKEST_SPREAD), SLOWEST_SPREAD);
    pace = Math.max((drawn - bench.getState().revealed) / spread, SLOWEST_RATE);
  };

  const wants = (): boolean => {
    const { replaying, revealed, drawn } = bench.getState();
    return replaying || (following && revealed < drawn);
  };

  const tick = (timeMs: number): void => {
    cancel = null;
    const { replaying, replaySpeed, revealed, drawn, status } = bench.getState();
    if (revealed !== moved) position = revealed;
    const seconds = before === null ? 1 / 60 : Math.min((timeMs - before) / 1000, 0.1);
    before = timeMs;
    // When nothing more will come, there is nothing to bridge.
    const followRate =
      status === 'drawing' || status === 'paused' ? pace : Math.max(pace, (drawn - position) / QUICKEST_SPREAD);
    const rate = replaying ? replayRates[replaySpeed] : followRate;
    position = Math.min(position + rate * seconds, drawn);
    moved = Math.floor(position);
    // A replay of a draw that still runs catches up with it and then follows it.
    const arrived = replaying && moved >= drawn;
    if (arrived && (status === 'drawing' || status === 'paused')) following = true;
    if (moved !== revealed || arrived) bench.setState({ revealed: moved, ...(arrived ? { replaying: false } : {}) });
    wake();
  };

  const wake = (): void => {
    if (!wants()) {
      before = null;
      return;
    }
    cancel ??= schedule(tick);
  };

  const unsubscribe = bench.subscribe((state, previous) => {
    if (state.frame !== previous.frame) {
      moved = -1;
      arrivedMs = null;
    }
    if (state.drawn > previous.drawn) onArrival(state.drawn);
    // Somebody else moved the playhead: a scrub lets go of the draw, scrubbing to its end takes hold again.
    if (state.revealed !== previous.revealed && state.revealed !== moved && state.frame === previous.frame) {
      following = state.revealed >= state.drawn;
    }
    wake();
  });

  return {
    follow(next) {
      following = next;
      wake();
    },
    finish() {
      const { drawn } = bench.getState();
      moved = drawn;
      position = drawn;
      bench.setState({ revealed: drawn, replaying: false });
    },
    dispose() {
      unsubscribe();
      cancel?.();
      cancel = null;
    },
  };
};
