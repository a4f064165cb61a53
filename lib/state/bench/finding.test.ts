import { expect, it } from 'vitest';
import { createBenchStore } from './bench-store';
import type { Frame } from './bench-types';
import { differencesToWalk, findingOnScreen, framedSteps, lockNextDifference } from './finding';

const frame = {
  prompts: { a: 'a red hat', b: 'a blue hat' },
  settings: { coupling: 'coupled', greedy: false },
  grid: { rows: 2, columns: 3 },
  tokens: { a: Int32Array.of(1, 1, 1, 1, 1, 1), b: Int32Array.of(1, 2, 1, 2, 2, 1) },
  trace: {
    crossScoreBits: { a: Float32Array.of(0, 1, 0, 0, 20, 0), b: Float32Array.of(0, 1, 0, 0, 20, 0) },
  },
} as unknown as Frame;

it('frames and walks the deciding cells first, then the other differences, round and round', () => {
  const bench = createBenchStore();
  bench.setState({ frame, drawn: 6, revealed: 6, status: 'done' });
  expect(framedSteps(bench.getState())).toEqual([4]);
  expect(differencesToWalk(bench.getState())).toEqual([4, 1, 3]);
  const walked = [1, 2, 3, 4].map(() => {
    lockNextDifference(bench);
    return bench.getState().lockedStep;
  });
  expect(walked).toEqual([4, 1, 3, 4]);
});

it('says nothing of a comparison that is still being drawn, and walks nothing where nothing differs', () => {
  const bench = createBenchStore();
  bench.setState({ frame, drawn: 5, revealed: 5, status: 'drawing' });
  expect(findingOnScreen(bench.getState())).toBeNull();
  bench.setState({ status: 'stopped' });
  expect(findingOnScreen(bench.getState())).toMatchObject({ kind: 'decided', steps: 5 });
  bench.setState({ frame: { ...frame, tokens: { a: frame.tokens.a, b: frame.tokens.a }, trace: {} } as Frame });
  lockNextDifference(bench);
  expect(bench.getState().lockedStep).toBeNull();
});
