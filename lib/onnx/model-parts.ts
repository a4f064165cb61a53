import { ATTRIBUTE, GRAPH, MODEL, NODE, TENSOR, VALUE_INFO } from './proto';
import { fieldsOf, lastOf, MessageWriter, textOf } from './protobuf';
import { type Place, rawDataOf, readTensor } from './tensor';
import { Unfusable } from './unfusable';
import { readOpset } from './versions';

/** An ONNX graph taken apart: enough to put it into another one. */
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

function readInitializer(message: Uint8Array, file: string | null, whole: Uint8Array): Initializer {
  const { name, dims, dataType, external } = readTensor(fieldsOf(message));
  const raw = file === null ? null : rawDataOf(message);
  const inside = file !== null && raw ? { file, offset: raw.byteOffset - whole.byteOffset, bytes: raw.length } : null;
  return { name, dims, dataType, place: external ?? inside, message };
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
    if (inModel.number === MODEL.irVersion) irVersion = inModel.value;
    if (inModel.number === MODEL.opsetImport) opsets.set(...readOpset(inModel.bytes));
    if (inModel.number === MODEL.functions) throw new Unfusable(`${file ?? 'it'} has functions of its own`);
    if (inModel.number !== MODEL.graph) continue;
    for (const { number, bytes } of fieldsOf(inModel.bytes)) {
      if (number === GRAPH.node) nodes.push(bytes);
      if (number === GRAPH.initializer) initializers.push(readInitializer(bytes, file, data));
      if (number === GRAPH.input) inputs.push(textOf(lastOf(bytes, VALUE_INFO.name)));
      if (number === GRAPH.output) outputs.push(textOf(lastOf(bytes, VALUE_INFO.name)));
      if (number === GRAPH.sparseInitializer) throw new Unfusable(`${file ?? 'it'} has sparse weights`);
    }
  }
  const weights = new Set(initializers.map(({ name }) => name));
  return {
    opsets,
    irVersion,
    nodes,
    initializers,
    inputs: inputs.filter((name) => !weights.has(name)),
    outputs,
  };
}

/** Gives every value of a graph another name. */
export type Rename = (name: string) => string;

/** What a message is, as far as names in it go. */
type Kind = 'node' | 'attribute' | 'graph' | 'tensor' | 'value';

/** Fields that hold a value's name, and fields that hold messages with names. */
const NAMES: Readonly<Record<Kind, readonly number[]>> = {
  node: [NODE.input, NODE.output, NODE.name],
  attribute: [],
  graph: [],
  tensor: [TENSOR.name],
  value: [VALUE_INFO.name],
};
const MESSAGES: Readonly<Record<Kind, Readonly<Record<number, Kind>>>> = {
  node: { [NODE.attribute]: 'attribute' },
  // Tensors among the attributes have no names that matter.
  attribute: { [ATTRIBUTE.g]: 'graph', [ATTRIBUTE.graphs]: 'graph' },
  graph: {
    [GRAPH.node]: 'node',
    [GRAPH.initializer]: 'tensor',
    [GRAPH.input]: 'value',
    [GRAPH.output]: 'value',
    [GRAPH.valueInfo]: 'value',
  },
  tensor: {},
  value: {},
};

/** As deep as protobuf's own readers go. */
const MAX_DEPTH = 100;

/** A node, weight or graph with other names for its values, bodies of loops and branches included. Throws RangeError where it is none. */
export function renamed(message: Uint8Array, kind: Kind, rename: Rename, depth = 0): Uint8Array {
  if (depth > MAX_DEPTH) throw new RangeError('its messages are nested too deeply');
  const out = new MessageWriter();
  for (const { number, bytes, raw } of fieldsOf(message)) {
    const inner = MESSAGES[kind][number];
    if (inner) out.bytes(number, renamed(bytes, inner, rename, depth + 1));
    else if (NAMES[kind].includes(number)) out.text(number, rename(textOf(bytes)));
    else out.raw(raw);
  }
  return out.done();
}
