import { describe, expect, test } from 'vitest';
import { type SideStep, type StepEvent, TOP_COUNT } from '@/lib/domain';
import { TraceBuilder } from './trace-builder';

const side = (token: number): SideStep => ({
  token,
  choice: token,
  margin: 0.5,
  probability: 0.25,
  rank: 2,
  entropyBits: 1.5,
  topTokens: Int32Array.from({ length: TOP_COUNT }, (_, i) => token + i),
  topProbabilities: new Float32Array(TOP_COUNT).fill(0.125),
  promptDivergenceBits: 0.75,
  crossScoreBits: -0.5,
});
const event = (step: number): StepEvent => ({
  step,
  sides: { a: side(step), b: side(step + 10) },
  divergenceBits: 0.375,
});

describe('a trace being built', () => {
  test('is filled in place, step by step', () => {
    const builder = new TraceBuilder(3);
    const { tokens, trace } = builder;
    expect([...tokens.a]).toEqual([-1, -1, -1]);
    builder.add(event(0));
    builder.add(event(1));
    expect(trace.length).toBe(2);
    expect([...tokens.a, ...tokens.b]).toEqual([0, 1, -1, 10, 11, -1]);
    expect([...trace.crossScoreBits.b]).toEqual([-0.5, -0.5, NaN]);
    expect([...trace.divergenceBits]).toEqual([0.375, 0.375, NaN]);
    expect([...trace.topTokens.b.subarray(TOP_COUNT, TOP_COUNT + 2)]).toEqual([11, 12]);
  });

  test('takes steps in order only, and no more than there are', () => {
    const builder = new TraceBuilder(1);
    expect(() => {
      builder.add(event(1));
    }).toThrow(RangeError);
    builder.add(event(0));
    expect(() => {
      builder.add(event(0));
    }).toThrow(RangeError);
  });

  test('can forget its last steps', () => {
    const builder = new TraceBuilder(3);
    const untouched = structuredClone({ ...new TraceBuilder(3).trace });
    builder.add(event(0));
    builder.truncate(0);
    expect({ ...builder.trace }).toEqual(untouched);
    builder.add(event(0));
    expect(builder.trace.length).toBe(1);
  });
});
