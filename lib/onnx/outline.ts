import { ModelError } from '@/lib/domain';

/** The element types that Janus graphs put in and out, by the names that ONNX Runtime gives them. */
const TYPES: Readonly<Record<number, string>> = {
  1: 'float32',
  2: 'uint8',
  3: 'int8',
  6: 'int32',
  7: 'int64',
  9: 'bool',
  10: 'float16',
  16: 'bfloat16',
};

/** An input or output of a graph. */
export interface GraphValue {
  readonly name: string;
  readonly type: string;
  /** Fixed sizes as numbers, the others by the exporter's names ('' where it gave none). */
  readonly dims: readonly (number | string)[];
}

/** What a graph's file says about itself, without its weights. */
export interface GraphOutline {
  readonly inputs: readonly GraphValue[];
  readonly outputs: readonly GraphValue[];
  /** Files with weights, relative to the graph's folder, with the least number of bytes that each must have. */
  readonly external: Readonly<Record<string, number>>;
  /** Bytes of the largest single weight. */
  readonly largestWeight: number;
}

const VARINT = 0;
const FIXED_64 = 1;
const BYTES = 2;
const FIXED_32 = 5;

interface Field {
  readonly number: number;
  /** Of variable-length integers. */
  readonly value: number;
  /** Contents of length-delimited fields. */
  readonly bytes: Uint8Array;
}

const NOTHING = new Uint8Array(0);
const text = new TextDecoder();

class EndsEarly extends Error {}

function varint(data: Uint8Array, from: number): { readonly value: number; readonly next: number } {
  let value = 0;
  for (let at = from, scale = 1; ; at++, scale *= 128) {
    const byte = data[at];
    if (byte === undefined) throw new EndsEarly();
    value += (byte & 0x7f) * scale;
    if (byte < 0x80) return { value, next: at + 1 };
    if (at - from >= 9) throw new RangeError('a number is too long');
  }
}

/** The fields of a protobuf message, in their order in the file. */
function* fields(data: Uint8Array): Generator<Field, void, undefined> {
  for (let at = 0; at < data.length;) {
    const tag = varint(data, at);
    const number = Math.floor(tag.value / 8);
    at = tag.next;
    switch (tag.value % 8) {
      case VARINT: {
        const { value, next } = varint(data, at);
        at = next;
        yield { number, value, bytes: NOTHING };
        break;
      }
      case BYTES: {
        const { value, next } = varint(data, at);
        at = next + value;
        if (at > data.length) throw new EndsEarly();
        yield { number, value: 0, bytes: data.subarray(next, at) };
        break;
      }
      case FIXED_64:
      case FIXED_32:
        at += tag.value % 8 === FIXED_64 ? 8 : 4;
        if (at > data.length) throw new EndsEarly();
        break;
      default:
        throw new RangeError('it is not an ONNX graph');
    }
  }
}

const first = (data: Uint8Array, wanted: number) => {
  for (const { number, bytes } of fields(data)) if (number === wanted) return bytes;
  return NOTHING;
};

/** ValueInfoProto: name = 1, type = 2; TypeProto: tensor_type = 1; its elem_type = 1, shape = 2; Dimension: dim_value = 1, dim_param = 2. */
function readValue(data: Uint8Array): GraphValue {
  const name = text.decode(first(data, 1));
  let type = '';
  const dims: (number | string)[] = [];
  for (const { number, value, bytes } of fields(first(first(data, 2), 1))) {
    if (number === 1) type = TYPES[value] ?? `type ${value}`;
    if (number !== 2) continue;
    for (const dimension of fields(bytes)) {
      if (dimension.number !== 1) continue;
      let size: number | string = '';
      for (const part of fields(dimension.bytes)) {
        if (part.number === 1) size = part.value;
        if (part.number === 2) size = text.decode(part.bytes);
      }
      dims.push(size);
    }
  }
  return { name, type, dims };
}

/** TensorProto: raw_data = 9, external_data = 13, of StringStringEntryProto: key = 1, value = 2. */
function readWeight(data: Uint8Array, external: Record<string, number>): number {
  // Every kind of contents is within the message, so its length is never far off.
  let bytes = data.length;
  const entries = new Map<string, string>();
  for (const field of fields(data)) {
    if (field.number === 9) bytes = field.bytes.length;
    if (field.number === 13) entries.set(text.decode(first(field.bytes, 1)), text.decode(first(field.bytes, 2)));
  }
  const location = entries.get('location');
  if (location === undefined) return bytes;
  const length = Number(entries.get('length') ?? 0);
  external[location] = Math.max(external[location] ?? 0, Number(entries.get('offset') ?? 0) + length);
  return length;
}

/**
 * Reads inputs, outputs and the external weight files of an ONNX graph without running it. ModelProto: graph = 7; GraphProto: initializer = 5,
 * input = 11, output = 12 (onnx.proto3). Throws `model-truncated` for a file that ends early and `model-damaged` for one that is no graph.
 */
export function readGraphOutline(data: Uint8Array, file: string): GraphOutline {
  try {
    const inputs: GraphValue[] = [];
    const outputs: GraphValue[] = [];
    const weights = new Set<string>();
    const external: Record<string, number> = Object.create(null) as Record<string, number>;
    let largestWeight = 0;
    for (const { number, bytes } of fields(first(data, 7))) {
      if (number === 5) {
        weights.add(text.decode(first(bytes, 8)));
        largestWeight = Math.max(largestWeight, readWeight(bytes, external));
      }
      if (number === 11) inputs.push(readValue(bytes));
      if (number === 12) outputs.push(readValue(bytes));
    }
    if (outputs.length === 0) throw new RangeError('it is not an ONNX graph');
    // Older exporters list weights as inputs, too.
    return { inputs: inputs.filter(({ name }) => !weights.has(name)), outputs, external, largestWeight };
  } catch (error) {
    if (error instanceof EndsEarly)
      throw new ModelError('model-truncated', { file, receivedBytes: data.length }, { cause: error });
    throw new ModelError(
      'model-damaged',
      { file, detail: error instanceof RangeError ? error.message : 'it is not an ONNX graph' },
      { cause: error },
    );
  }
}
