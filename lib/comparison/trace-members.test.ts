import { expect, test } from 'vitest';
import { type StepEvent, TOP_COUNT } from '@/lib/domain';
import { plainTrace, traceFromPlain } from './plain';
import { traceSchemaOf } from './schema';
import { TraceBuilder } from './trace-builder';
import { TRACE_MEMBERS, type TraceMembers } from './trace-members';

const members: TraceMembers = {
  ...TRACE_MEMBERS,
  surpriseBits: {
    sides: 'each',
    numbers: 'real',
    entries: 1,
    inLinks: false,
    csv: { heading: 'surprise', unit: 'bits' },
    distribution: 'sampled',
  },
};

const side = (token: number) => ({
  token,
  choice: token,
  margin: Infinity,
  probability: 0.25,
  rank: 2,
  entropyBits: 1.5,
  surpriseBits: token / 4,
  topTokens: new Int32Array(TOP_COUNT).fill(token),
  topProbabilities: new Float32Array(TOP_COUNT).fill(0.125),
  promptDivergenceBits: NaN,
  crossScoreBits: -0.5,
});
const event: StepEvent = { step: 0, sides: { a: side(1), b: side(2) }, divergenceBits: 0.375 };

test('a number more is one row: it is built, written, checked and read', () => {
  const builder = new TraceBuilder(2, members);
  builder.add(event);
  expect(builder.trace).toMatchObject({
    surpriseBits: { a: Float32Array.of(0.25, NaN), b: Float32Array.of(0.5, NaN) },
  });
  const plain = plainTrace(builder.trace, 1, 'full', members);
  expect(plain).toMatchObject({ surpriseBits: { a: [0.25], b: [0.5] }, margin: { a: ['Infinity'], b: ['Infinity'] } });
  expect(Object.keys(plain)).toEqual(['precision', ...Object.keys(members)]);
  const checked = traceSchemaOf(members).parse(JSON.parse(JSON.stringify(plain)));
  expect(traceFromPlain(checked, 1, 2, members)).toEqual({ ...builder.trace });
  expect(traceSchemaOf(members).safeParse({ ...plain, surpriseBits: { a: ['?'], b: [1] } }).success).toBe(false);
  builder.truncate(0);
  expect({ ...builder.trace }).toEqual({ ...new TraceBuilder(2, members).trace });
});

test('links carry the cross quantities alone', () => {
  const { trace } = new TraceBuilder(1);
  expect(Object.keys(plainTrace(trace, 1, 'cross'))).toEqual(['precision', 'promptDivergenceBits', 'crossScoreBits']);
});
