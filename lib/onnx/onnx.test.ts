/** Whole files: what is written is read back in every way, and bad bytes give one error in linear time. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ModelError } from '@/lib/domain';
import { graphMessage, modelMessage } from './graph';
import { findInputs } from './graph-inputs';
import { renamed, takeApart } from './model-parts';
import { attribute, node, readNode } from './operation';
import { readGraphOutline } from './outline';
import { ATTRIBUTE, DATA_TYPE, type DataType, NODE } from './proto';
import { MessageWriter } from './protobuf';
import { externalTensor, tensorOf } from './tensor';
import { findTensors } from './tensor-places';
import type { Declared } from './value-info';
import { Unfusable } from './unfusable';

const name = fc.string({ minLength: 1, maxLength: 12 });
const type = fc.constantFrom(...(Object.keys(DATA_TYPE) as DataType[]));
const dims = fc.array(fc.nat(5000), { maxLength: 4 });
const declared: fc.Arbitrary<Declared> = fc.record({ name, type, dims: fc.array(fc.oneof(fc.nat(5000), name)) });
const weight = fc.record({ name, type, dims, data: fc.uint8Array({ maxLength: 3000 }) });
const outside = fc.record({
  name,
  type,
  dims,
  place: fc.record({ file: name, offset: fc.nat(), bytes: fc.nat() }),
});
const operation = fc.record({
  type: name,
  inputs: fc.array(name, { maxLength: 3 }),
  outputs: fc.array(name, { minLength: 1, maxLength: 3 }),
  attributes: fc.dictionary(name, fc.integer(), { maxKeys: 3, noNullPrototype: true }),
});
const model = fc.record({
  weights: fc.uniqueArray(weight, { selector: (each) => each.name, maxLength: 4 }),
  outside: fc.uniqueArray(outside, { selector: (each) => each.name, maxLength: 3 }),
  operations: fc.array(operation, { maxLength: 4 }),
  inputs: fc.array(declared, { maxLength: 3 }),
  outputs: fc.array(declared, { minLength: 1, maxLength: 3 }),
});
type Model = typeof model extends fc.Arbitrary<infer T> ? T : never;

/** Weights are called otherwise than inputs, which would be taken for them. */
const bytesOf = ({ weights, outside, operations, inputs, outputs }: Model): Uint8Array =>
  modelMessage(
    {
      name: 'g',
      nodes: operations.map((each) => node(each.type, each.inputs, each.outputs, each.attributes)),
      initializers: [
        ...weights.map((each) => tensorOf(`w/${each.name}`, each.type, each.dims, each.data)),
        ...outside.map((each) => externalTensor(`x/${each.name}`, DATA_TYPE[each.type], each.dims, each.place)),
      ],
      inputs: inputs.map((each) => ({ ...each, name: `i/${each.name}` })),
      outputs,
    },
    10,
    [
      ['', 21],
      ['com.microsoft', 1],
    ],
  );

/** Answers in parts, as a server does that sends less than it was asked for. */
const inParts = (data: Uint8Array, most: number) => (from: number, to: number) =>
  Promise.resolve(data.subarray(from, Math.min(to, from + most)));

describe('a model that was written', () => {
  test('is read back by its outline and in parts', () => {
    fc.assert(
      fc.property(model, (given) => {
        const bytes = bytesOf(given);
        const outline = readGraphOutline(bytes, 'file');
        expect(outline.inputs).toEqual(given.inputs.map((each) => ({ ...each, name: `i/${each.name}` })));
        expect(outline.outputs).toEqual(given.outputs);
        const parts = takeApart(bytes, 'file');
        expect([...parts.opsets]).toEqual([
          ['', 21],
          ['com.microsoft', 1],
        ]);
        expect(parts.irVersion).toBe(10);
        expect(parts.nodes.map(readNode)).toEqual(
          given.operations.map((each) => ({ ...each, attributes: new Map(Object.entries(each.attributes)) })),
        );
        const [inside, beside] = [
          parts.initializers.slice(0, given.weights.length),
          parts.initializers.slice(given.weights.length),
        ];
        inside.forEach(({ place, dims, dataType }, i) => {
          const { data, dims: sizes, type } = given.weights[i]!;
          expect([dims, dataType]).toEqual([sizes, DATA_TYPE[type]]);
          expect(bytes.subarray(place!.offset, place!.offset + place!.bytes)).toEqual(data);
        });
        expect(beside.map(({ place }) => place)).toEqual(given.outside.map(({ place }) => place));
      }),
    );
  });

  test('has its tensors found from parts of it, where taking it apart finds them', async () => {
    await fc.assert(
      fc.asyncProperty(model, fc.integer({ min: 200, max: 70_000 }), async (given, most) => {
        const bytes = bytesOf(given);
        const found = await findTensors('file', bytes.length, inParts(bytes, most));
        const expected = takeApart(bytes, '').initializers.map(({ name, dims, dataType, place }) => ({
          name,
          dims,
          dataType,
          file: place!.file || null,
          offset: place!.offset,
          bytes: place!.bytes,
        }));
        expect(found).toEqual(expected);
        const inputs = await findInputs('file', bytes.length, inParts(bytes, most));
        expect(inputs).toEqual(readGraphOutline(bytes, 'file').inputs);
      }),
    );
  });
});

describe('bad bytes', () => {
  const good = bytesOf(fc.sample(model, { numRuns: 1, seed: 3 })[0]!);
  /** Cut, or with some bytes changed, or none of it. */
  const bad = fc.oneof(
    model.chain((given) => {
      const bytes = bytesOf(given);
      return fc.nat(bytes.length).map((length) => bytes.slice(0, length));
    }),
    fc
      .tuple(model, fc.array(fc.tuple(fc.nat(), fc.nat(255)), { minLength: 1, maxLength: 6 }))
      .map(([given, changes]) => {
        const bytes = bytesOf(given);
        for (const [at, value] of changes) bytes[at % bytes.length] = value;
        return bytes;
      }),
    fc.uint8Array({ maxLength: 400 }),
  );

  test('give one error, if any, whoever reads them', async () => {
    await fc.assert(
      fc.asyncProperty(bad, async (bytes) => {
        try {
          readGraphOutline(bytes, 'file');
        } catch (error) {
          expect(error).toBeInstanceOf(ModelError);
          expect((error as ModelError).code).toMatch(/^model-(truncated|damaged)$/);
        }
        try {
          for (const each of takeApart(bytes, 'file').nodes) renamed(each, 'node', (value) => `p/${value}`);
        } catch (error) {
          if (!(error instanceof Unfusable)) expect(error).toBeInstanceOf(RangeError);
        }
        await findTensors('file', bytes.length, inParts(bytes, 70_000)).catch((error: unknown) => {
          expect(error).toMatchObject({ code: 'model-damaged' });
        });
        await findInputs('file', bytes.length, inParts(bytes, 70_000)).catch((error: unknown) => {
          expect(error).toBeInstanceOf(ModelError);
          expect((error as ModelError).code).toMatch(/^model-(truncated|damaged)$/);
        });
      }),
      { numRuns: 500 },
    );
  });

  test('a file that ends early is told from one that is no graph', () => {
    expect(() => readGraphOutline(good.subarray(0, good.length - 1), 'x')).toThrow(
      expect.objectContaining({ code: 'model-truncated' }) as Error,
    );
    expect(() => readGraphOutline(new TextEncoder().encode('<!doctype html>'), 'x')).toThrow(
      expect.objectContaining({ code: 'model-damaged' }) as Error,
    );
  });

  test('bodies within bodies without end are refused', () => {
    let inner = node('Add', ['x', 'y'], ['z']);
    for (let depth = 0; depth < 200; depth++) {
      const graph = graphMessage({ name: 'g', nodes: [inner], inputs: [], outputs: [] });
      inner = new MessageWriter().message(NODE.attribute, attribute('body', graph)).done();
    }
    expect(() => renamed(inner, 'node', (value) => value)).toThrow('nested too deeply');
  });

  test('weights whose place is no number of bytes are refused', () => {
    const graph = (offset: number) =>
      modelMessage(
        {
          name: 'g',
          nodes: [],
          initializers: [externalTensor('w', 1, [1], { file: 'f', offset, bytes: 4 })],
          inputs: [],
          outputs: [{ name: 'y', type: 'float32', dims: [] }],
        },
        10,
        [],
      );
    expect(readGraphOutline(graph(8), 'x').external).toEqual({ f: 12 });
    for (const offset of [-1, NaN, 0.5])
      expect(() => readGraphOutline(graph(offset), 'x')).toThrow(
        expect.objectContaining({ code: 'model-damaged' }) as Error,
      );
  });

  test('take time in proportion to their length', () => {
    // Many tiny fields, at every level that is read.
    const tensor = new MessageWriter();
    for (let i = 0; i < 20_000; i++) tensor.varint(ATTRIBUTE.i, 1);
    const many = (count: number) => {
      const graph = new MessageWriter();
      for (let i = 0; i < count; i++) graph.raw(Uint8Array.of(0x2a, 0));
      return new MessageWriter().message(7, graph.message(5, tensor)).done();
    };
    const started = performance.now();
    expect(takeApart(many(50_000), 'file').initializers).toHaveLength(50_001);
    expect(performance.now() - started).toBeLessThan(5000);
  });
});
