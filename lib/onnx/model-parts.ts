import { fieldsOf, floatOf, MessageWriter, numbersOf, textOf } from './protobuf';

/** An ONNX graph taken apart: enough to put it into another one. Field numbers are onnx.proto3's. */
export interface ModelParts {
  /** Domain -> version; '' is ONNX's own. */
  readonly opsets: ReadonlyMap<string, number>;
  readonly irVersion: number;
  readonly nodes: readonly Uint8Array[];
  readonly initializers: readonly Initializer[];
  /** Without those that are initializers. */
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
}

/** A weight or constant, and where its values are. */
export interface Initializer {
  readonly name: string;
  readonly dims: readonly number[];
  /** TensorProto.DataType. */
  readonly dataType: number;
  /** Null where the values are in `message` alone, in one of its typed fields. */
  readonly place: Place | null;
  /** The TensorProto as it was read. */
  readonly message: Uint8Array;
}

/** Bytes of a file beside the graph. */
export interface Place {
  readonly file: string;
  readonly offset: number;
  readonly bytes: number;
}

/** What a graph holds that cannot be put into another one. */
export class Unfusable extends Error {
  override readonly name = 'Unfusable';
}

const nameIn = (message: Uint8Array, number: number): string => {
  for (const field of fieldsOf(message)) if (field.number === number) return textOf(field.bytes);
  return '';
};

/** TensorProto: dims = 1, data_type = 2, name = 8, raw_data = 9, external_data = 13. */
function readInitializer(message: Uint8Array, file: string | null, whole: Uint8Array): Initializer {
  const dims: number[] = [];
  const external = new Map<string, string>();
  let dataType = 0;
  let name = '';
  let place: Place | null = null;
  for (const field of fieldsOf(message)) {
    if (field.number === 1) dims.push(...numbersOf(field));
    if (field.number === 2) dataType = field.value;
    if (field.number === 8) name = textOf(field.bytes);
    if (field.number === 9 && file !== null)
      place = { file, offset: field.bytes.byteOffset - whole.byteOffset, bytes: field.bytes.length };
    if (field.number === 13) external.set(nameIn(field.bytes, 1), nameIn(field.bytes, 2));
  }
  const location = external.get('location');
  if (location !== undefined)
    place = { file: location, offset: Number(external.get('offset') ?? 0), bytes: Number(external.get('length') ?? 0) };
  return { name, dims, dataType, place, message };
}

/** Takes apart the graph in `data`, which lies in `file`, or (null) in none, so that its values have to stay in it. Throws `Unfusable`, and RangeError where it is no graph. */
export function takeApart(data: Uint8Array, file: string | null): ModelParts {
  const opsets = new Map<string, number>();
  const nodes: Uint8Array[] = [];
  const initializers: Initializer[] = [];
  const inputs: string[] = [];
  const outputs: string[] = [];
  let irVersion = 0;
  for (const inModel of fieldsOf(data)) {
    if (inModel.number === 1) irVersion = inModel.value;
    if (inModel.number === 8) {
      let domain = '';
      let version = 0;
      for (const field of fieldsOf(inModel.bytes)) {
        if (field.number === 1) domain = textOf(field.bytes);
        if (field.number === 2) version = field.value;
      }
      opsets.set(domain === 'ai.onnx' ? '' : domain, version);
    }
    if (inModel.number === 25) throw new Unfusable(`${file ?? 'it'} has functions of its own`);
    if (inModel.number !== 7) continue;
    for (const { number, bytes } of fieldsOf(inModel.bytes)) {
      if (number === 1) nodes.push(bytes);
      if (number === 5) initializers.push(readInitializer(bytes, file, data));
      if (number === 11) inputs.push(nameIn(bytes, 1));
      if (number === 12) outputs.push(nameIn(bytes, 1));
      if (number === 15) throw new Unfusable(`${file ?? 'it'} has sparse weights`);
    }
  }
  const weights = new Set(initializers.map(({ name }) => name));
  return { opsets, irVersion, nodes, initializers, inputs: inputs.filter((name) => !weights.has(name)), outputs };
}

/** Gives every value of a graph another name. */
export type Rename = (name: string) => string;

/** What a message is, as far as names in it go. */
type Kind = 'node' | 'attribute' | 'graph' | 'tensor' | 'value';

/** Fields that hold a value's name, and fields that hold messages with names. */
const NAMES: Readonly<Record<Kind, readonly number[]>> = {
  node: [1, 2, 3],
  attribute: [],
  graph: [],
  tensor: [8],
  value: [1],
};
const MESSAGES: Readonly<Record<Kind, Readonly<Record<number, Kind>>>> = {
  node: { 5: 'attribute' },
  // AttributeProto: g = 6, graphs = 11; tensors among the attributes have no names that matter.
  attribute: { 6: 'graph', 11: 'graph' },
  graph: { 1: 'node', 5: 'tensor', 11: 'value', 12: 'value', 13: 'value' },
  tensor: {},
  value: {},
};

/** A node, weight or graph with other names for its values, bodies of loops and branches included. */
export function renamed(message: Uint8Array, kind: Kind, rename: Rename): Uint8Array {
  const out = new MessageWriter();
  for (const { number, bytes, raw } of fieldsOf(message)) {
    const inner = MESSAGES[kind][number];
    if (inner) out.bytes(number, renamed(bytes, inner, rename));
    else if (NAMES[kind].includes(number)) out.text(number, rename(textOf(bytes)));
    else out.raw(raw);
  }
  return out.done();
}

/** What kind of node it is: NodeProto.op_type = 4, domain = 7. */
export function operatorOf(node: Uint8Array): { readonly type: string; readonly domain: string } {
  let type = '';
  let domain = '';
  for (const { number, bytes } of fieldsOf(node)) {
    if (number === 4) type = textOf(bytes);
    if (number === 7) domain = textOf(bytes);
  }
  return { type, domain: domain === 'ai.onnx' ? '' : domain };
}

/** A node as far as it is understood: of its attributes, those that are one number. */
export interface NodeParts {
  readonly type: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: ReadonlyMap<string, number>;
}

/** NodeProto: input = 1, output = 2, op_type = 4, attribute = 5; AttributeProto: name = 1, f = 2, i = 3. */
export function readNode(node: Uint8Array): NodeParts {
  const inputs: string[] = [];
  const outputs: string[] = [];
  const attributes = new Map<string, number>();
  let type = '';
  for (const { number, bytes } of fieldsOf(node)) {
    if (number === 1) inputs.push(textOf(bytes));
    if (number === 2) outputs.push(textOf(bytes));
    if (number === 4) type = textOf(bytes);
    if (number !== 5) continue;
    const name = nameIn(bytes, 1);
    for (const part of fieldsOf(bytes)) {
      if (part.number === 2) attributes.set(name, floatOf(part));
      if (part.number === 3) attributes.set(name, part.value);
    }
  }
  return { type, inputs, outputs, attributes };
}
