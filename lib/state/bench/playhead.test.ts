import { describe, expect, it } from 'vitest';
import type { Comparison } from '@/lib/comparison';
import { createBenchStore } from './bench-store';
import { frameOf } from './live-frame';
import { startPlayhead } from './playhead';

const comparison: Comparison = {
  model: { name: 'embedded', hash: '0123456789abcdef' },
  prompts: { a: 'a', b: 'b' },
  settings: {
    seed: 7,
    coupling: 'coupled',
    guidanceWeight: 3,
    temperature: 1,
    topK: 0,
    topP: 1,
    plausibility: 0,
    greedy: false,
  },
  grid: { rows: 10, columns: 10 },
  codes: 16,
  tokens: { a: new Int32Array(100), b: new Int32Array(100) },
  trace: { length: 100, precision: 'exact' },
  provenance: {
    executionProvider: 'wasm',
    weightType: 'int8',
    runtime: 'onnxruntime-web 1.30.0',
    lanes: 6,
    adapter: null,
  },
};

/** Animation frames that come when the test says so, 1/60 s apart. */
const setUp = () => {
  const bench = createBenchStore();
  let pending: ((timeMs: number) => void) | null = null;
  let clock = 0;
  const playhead = startPlayhead(bench, (callback) => {
    pending = callback;
    return () => (pending = null);
  });
  const frames = (count: number): number[] => {
    const seen: number[] = [];
    for (let i = 0; i < count && pending !== null; i++) {
      const run: (timeMs: number) => void = pending;
      pending = null;
      run((clock += 1000 / 60));
      seen.push(bench.getState().revealed);
    }
    return seen;
  };
  bench.setState({ frame: frameOf(comparison, 'live'), drawn: 0, revealed: 0, status: 'drawing' });
  return { bench, playhead, frames, isResting: () => pending === null };
};

describe('the playhead', () => {
  it('shows a burst one by one and rests when it has caught up', () => {
    const { bench, playhead, frames, isResting } = setUp();
    playhead.follow(true);
    bench.setState({ drawn: 16 });
    const seen = frames(100);
    expect(seen.at(-1)).toBe(16);
    expect(seen.every((now, i) => now - (seen[i - 1] ?? 0) <= 1)).toBe(true);
    expect(isResting()).toBe(true);
  });

  it('lets go when somebody scrubs back, and takes hold again at the end', () => {
    const { bench, playhead, frames, isResting } = setUp();
    playhead.follow(true);
    bench.setState({ drawn: 16 });
    frames(100);
    bench.getState().actions.reveal(4);
    bench.setState({ drawn: 32 });
    expect(isResting()).toBe(true);
    expect(bench.getState().revealed).toBe(4);
    bench.getState().actions.reveal(32);
    bench.setState({ drawn: 48 });
    expect(frames(200).at(-1)).toBe(48);
  });

  it('replays from the start to the end at the chosen speed', () => {
    const { bench, frames } = setUp();
    bench.setState({ drawn: 100, revealed: 100, status: 'done' });
    bench.getState().actions.setReplaySpeed(4);
    bench.getState().actions.replay();
    expect(bench.getState().revealed).toBe(0);
    const seen = frames(1000);
    expect(seen.at(-1)).toBe(100);
    expect(bench.getState().replaying).toBe(false);
    // 72 steps a second at 60 frames a second.
    expect(seen.length).toBeGreaterThan(75);
    expect(seen.length).toBeLessThan(90);
  });
});
