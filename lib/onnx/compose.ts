import { type Initializer, type ModelParts, type Place, type Rename, renamed } from './model-parts';
import { commonOpsets, upgraded } from './opsets';
import { MessageWriter } from './protobuf';

/** Values of at most so many bytes stay in the graph: shapes are inferred from them, which weights elsewhere are not read for. */
const INLINE_BYTES = 1024;

/** TensorProto.DataType. */
export const TYPE = { float32: 1, int64: 7, bool: 9, float16: 10, uint4: 21 } as const;

/** A tensor's declared type and sizes; names for open ones. */
export interface Declared {
  readonly name: string;
  readonly type: keyof typeof TYPE;
  readonly dims: readonly (number | string)[];
}

/** One of the graphs that are put together, its values renamed. */
export interface Placed {
  readonly model: ModelParts;
  readonly nodes: readonly Uint8Array[];
  /** The name that a value of the graph has now. */
  readonly of: Rename;
}

/** Puts graphs together into one, whose weights stay in the files where they lie. Throws `Unfusable`. */
export class Composer {
  readonly opsets: ReadonlyMap<string, number>;
  readonly #irVersion: number;
  readonly #initializers: Uint8Array[] = [];

  constructor(models: readonly ModelParts[]) {
    this.opsets = commonOpsets(models);
    this.#irVersion = Math.max(...models.map(({ irVersion }) => irVersion));
  }

  /**
   * Takes a graph in: its values are called `prefix/...`, its inputs as `inputs` says, and its weights go to the outermost graph, which bodies of loops read as
   * well.
   */
  place(model: ModelParts, prefix: string, inputs: Readonly<Record<string, string>>): Placed {
    const of: Rename = (name) => (name === '' ? '' : (inputs[name] ?? `${prefix}/${name}`));
    const from = model.opsets.get('') ?? 0;
    const to = this.opsets.get('') ?? from;
    const nodes = model.nodes.map((node, i) => {
      const { node: same, constants } = upgraded(node, from, to, `upgraded_${i}`);
      for (const [name, values] of Object.entries(constants)) this.constant(of(name), values);
      return renamed(same, 'node', of);
    });
    for (const initializer of model.initializers) this.#initializers.push(stored(initializer, of));
    return { model, nodes, of };
  }

  /** A weight from bytes of a file. */
  view(name: string, place: Place | null, type: keyof typeof TYPE, dims: readonly number[]): void {
    if (!place) throw new RangeError(`${name} lies in no file`);
    this.#initializers.push(tensor(name, TYPE[type], dims, place));
  }

  /** An int64 constant. */
  constant(name: string, values: readonly number[], dims: readonly number[] = [values.length]): void {
    const out = new MessageWriter();
    for (const size of dims) out.varint(1, size);
    const raw = new Uint8Array(BigInt64Array.from(values, BigInt).buffer);
    this.#initializers.push(out.varint(2, TYPE.int64).text(8, name).bytes(9, raw).done());
  }

  /** The model. GraphProto: node = 1, name = 2, initializer = 5, input = 11, output = 12; ModelProto: ir_version = 1, graph = 7, opset_import = 8. */
  done(nodes: readonly Uint8Array[], inputs: readonly Declared[], outputs: readonly Declared[]): Uint8Array {
    const graph = new MessageWriter();
    for (const node of nodes) graph.bytes(1, node);
    graph.text(2, 'fused');
    for (const initializer of this.#initializers) graph.bytes(5, initializer);
    for (const input of inputs) graph.bytes(11, valueInfo(input));
    for (const output of outputs) graph.bytes(12, valueInfo(output));
    const model = new MessageWriter().varint(1, this.#irVersion).message(7, graph);
    for (const [domain, version] of this.opsets)
      model.message(8, new MessageWriter().text(1, domain).varint(2, version));
    return model.done();
  }
}

/** A renamed initializer: values beyond a few are read from their file. */
function stored({ name, dims, dataType, place, message }: Initializer, of: Rename): Uint8Array {
  if (!place || place.bytes <= INLINE_BYTES) return renamed(message, 'tensor', of);
  return tensor(of(name), dataType, dims, place);
}

/** TensorProto: dims = 1, data_type = 2, name = 8, external_data = 13 of StringStringEntryProto (key = 1, value = 2), data_location = 14 (EXTERNAL = 1). */
function tensor(name: string, dataType: number, dims: readonly number[], place: Place): Uint8Array {
  const out = new MessageWriter();
  for (const size of dims) out.varint(1, size);
  out.varint(2, dataType).text(8, name);
  for (const [key, value] of [
    ['location', place.file],
    ['offset', place.offset],
    ['length', place.bytes],
  ] as const) {
    out.message(13, new MessageWriter().text(1, key).text(2, String(value)));
  }
  return out.varint(14, 1).done();
}

/** ValueInfoProto: name = 1, type = 2; TypeProto: tensor_type = 1; its elem_type = 1, shape = 2; TensorShapeProto: dim = 1, with dim_value = 1 or dim_param = 2. */
export function valueInfo({ name, type, dims }: Declared): Uint8Array {
  const shape = new MessageWriter();
  for (const size of dims)
    shape.message(
      1,
      typeof size === 'number' ? new MessageWriter().varint(1, size) : new MessageWriter().text(2, size),
    );
  const tensorType = new MessageWriter().varint(1, TYPE[type]).message(2, shape);
  return new MessageWriter().text(1, name).message(2, new MessageWriter().message(1, tensorType)).done();
}

type Attribute = number | { readonly float: number } | readonly number[] | MessageWriter;

/** AttributeProto: name = 1, f = 2, i = 3, g = 6, ints = 8, type = 20 (FLOAT = 1, INT = 2, GRAPH = 5, INTS = 7). */
function attribute(name: string, value: Attribute): MessageWriter {
  const out = new MessageWriter().text(1, name);
  if (typeof value === 'number') return out.varint(3, value).varint(20, 2);
  if (value instanceof MessageWriter) return out.message(6, value).varint(20, 5);
  if ('float' in value) return out.float(2, value.float).varint(20, 1);
  for (const each of value) out.varint(8, each);
  return out.varint(20, 7);
}

/** NodeProto: input = 1, output = 2, name = 3, op_type = 4, attribute = 5, domain = 7. Attributes are integers, lists of them, floats, or graphs. */
export function node(
  type: string,
  inputs: readonly string[],
  outputs: readonly string[],
  attributes: Readonly<Record<string, Attribute>> = {},
  domain = '',
): Uint8Array {
  const out = new MessageWriter();
  for (const input of inputs) out.text(1, input);
  for (const output of outputs) out.text(2, output);
  out.text(3, outputs[0] ?? type).text(4, type);
  for (const [name, value] of Object.entries(attributes)) out.message(5, attribute(name, value));
  if (domain !== '') out.text(7, domain);
  return out.done();
}

/** A body: GraphProto with its inputs and outputs declared. */
export function body(
  name: string,
  nodes: readonly Uint8Array[],
  inputs: readonly Declared[],
  outputs: readonly Declared[],
): MessageWriter {
  const graph = new MessageWriter();
  for (const each of nodes) graph.bytes(1, each);
  graph.text(2, name);
  for (const input of inputs) graph.bytes(11, valueInfo(input));
  for (const output of outputs) graph.bytes(12, valueInfo(output));
  return graph;
}
