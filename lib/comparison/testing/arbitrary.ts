import fc from 'fast-check';
import type { Pair } from '@/lib/domain';
import type { Trace } from '../trace';
import type { Comparison } from '../types';

const pairOf = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<Pair<T>> => fc.record({ a: arbitrary, b: arbitrary });

const floats = (length: number, min: number, max: number): fc.Arbitrary<Float32Array> =>
  fc
    .array(fc.float({ min: Math.fround(min), max: Math.fround(max), noNaN: true }), {
      minLength: length,
      maxLength: length,
    })
    .map((items) => Float32Array.from(items));

const ints = (length: number, min: number, max: number): fc.Arbitrary<Int32Array> =>
  fc.array(fc.integer({ min, max }), { minLength: length, maxLength: length }).map((items) => Int32Array.from(items));

const traces = (length: number, codes: number): fc.Arbitrary<Trace> =>
  fc
    .record(
      {
        probability: pairOf(floats(length, 0, 1)),
        rank: pairOf(ints(length, 1, codes)),
        entropyBits: pairOf(floats(length, 0, 16)),
        margin: pairOf(fc.oneof(floats(length, 0, 50), fc.constant(new Float32Array(length).fill(Infinity)))),
        divergenceBits: floats(length, 0, 1),
        promptDivergenceBits: pairOf(floats(length, 0, 1)),
        crossScoreBits: pairOf(fc.oneof(floats(length, -30, 30), fc.constant(new Float32Array(length).fill(NaN)))),
        topTokens: pairOf(ints(length * 8, 0, codes - 1)),
        topProbabilities: pairOf(floats(length * 8, 0, 1)),
      },
      { requiredKeys: [] },
    )
    .map((members) => ({ length, precision: 'exact', ...members }));

const settings: fc.Arbitrary<Comparison['settings']> = fc.record({
  seed: fc.nat(0xffffffff),
  coupling: fc.constantFrom('coupled', 'independent'),
  guidanceWeight: fc.oneof(fc.constantFrom(3, 5, 1.5, 0, -0), fc.double({ min: -20, max: 20, noNaN: true })),
  temperature: fc.oneof(fc.constant(1), fc.double({ min: 0.01, max: 10, noNaN: true })),
  topK: fc.oneof(fc.constant(0), fc.nat(65_536)),
  topP: fc.oneof(fc.constant(1), fc.double({ min: 0.001, max: 1, noNaN: true })),
  plausibility: fc.oneof(fc.constantFrom(0, 0.05), fc.double({ min: 0, max: 1, noNaN: true })),
  greedy: fc.boolean(),
});

const prompts = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 60 }),
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc.constantFrom('', 'a red apple', '\uFEFFa\u0000b', '\u202Eabc', '👩‍👩‍👧 אדום'),
);

/** Any comparison, finished or not, on grids up to 6 x 6 and codebooks of any size. */
export const comparisons: fc.Arbitrary<Comparison> = fc
  .record({
    rows: fc.integer({ min: 1, max: 6 }),
    columns: fc.integer({ min: 1, max: 6 }),
    codes: fc.oneof(fc.constantFrom(2, 1024, 4096, 16_384, 65_536), fc.integer({ min: 2, max: 65_536 })),
  })
  .chain(({ rows, columns, codes }) => {
    const cells = rows * columns;
    const tokens = fc
      .record({
        a: ints(cells, 0, codes - 1),
        b: ints(cells, 0, codes - 1),
        equal: fc.nat(cells),
        drawn: fc.integer({ min: 1, max: cells }),
      })
      .map(({ a, b, equal, drawn }) => {
        b.set(a.subarray(0, equal));
        a.fill(-1, drawn);
        b.fill(-1, drawn);
        return { a, b };
      });
    return fc.record<Comparison>({
      model: fc.record({
        name: fc.oneof(fc.constant('embedded'), fc.string({ minLength: 1, maxLength: 20 })),
        hash: fc.string({ unit: fc.constantFrom(...'0123456789abcdef'), minLength: 16, maxLength: 16 }),
      }),
      prompts: pairOf(prompts),
      settings,
      grid: fc.constant({ rows, columns }),
      codes: fc.constant(codes),
      tokens,
      trace: traces(cells, codes),
      provenance: fc.record({
        executionProvider: fc.constantFrom('webgpu', 'wasm'),
        weightType: fc.constantFrom('int8', 'int4', 'q4f16', 'something new'),
        runtime: fc.constantFrom(
          'onnxruntime-web 1.30.0',
          'onnxruntime-web 01.30.0',
          'onnxruntime-web 1.31.0-dev',
          'another',
        ),
        lanes: fc.constantFrom(4, 6, 8),
        adapter: fc.constantFrom(null, 'An adapter'),
      }),
    });
  });
