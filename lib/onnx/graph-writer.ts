/** Writes small ONNX graphs: what joins a folder's graphs depends on their types and sizes, which are known at load only. */

const OPSET = 21;
const IR_VERSION = 10;

/** TensorProto.DataType. */
export const ELEMENT = { float32: 1, int64: 7, float16: 10 } as const;
export type ElementType = keyof typeof ELEMENT;

type Attribute = number;
/** Sizes, or names of sizes that are open. */
type Dims = readonly (number | string)[];

/** One protobuf message under construction (proto3's wire format). */
class Message {
  readonly #bytes: number[] = [];

  varint(field: number, value: number): this {
    return this.#tag(field, 0).#number(value);
  }

  bytes(field: number, data: ArrayLike<number>): this {
    this.#tag(field, 2).#number(data.length);
    for (let i = 0; i < data.length; i++) this.#bytes.push(data[i] as number);
    return this;
  }

  text(field: number, text: string): this {
    return this.bytes(field, new TextEncoder().encode(text));
  }

  message(field: number, message: Message): this {
    return this.bytes(field, message.#bytes);
  }

  done(): Uint8Array {
    return Uint8Array.from(this.#bytes);
  }

  #tag(field: number, wireType: number): this {
    return this.#number(field * 8 + wireType);
  }

  /** Negative numbers take all 64 bits. */
  #number(value: number): this {
    let rest = BigInt.asUintN(64, BigInt(value));
    for (; rest >= 128n; rest >>= 7n) this.#bytes.push(Number(rest & 127n) | 128);
    this.#bytes.push(Number(rest));
    return this;
  }
}

/** A graph under construction. Field numbers are onnx.proto3's. */
export class GraphWriter {
  readonly #nodes: Message[] = [];
  readonly #inputs: Message[] = [];
  readonly #outputs: Message[] = [];
  readonly #constants = new Map<string, { readonly name: string; readonly tensor: Message }>();
  #count = 0;

  constructor(private readonly name: string) {}

  /** Adds a node with one output; returns its name. Attributes are integers. */
  op(kind: string, inputs: readonly string[], attributes: Readonly<Record<string, Attribute>> = {}): string {
    return this.ops(kind, inputs, 1, attributes)[0] as string;
  }

  /** Adds a node with several outputs; returns their names. */
  ops(
    kind: string,
    inputs: readonly string[],
    outputs: number,
    attributes: Readonly<Record<string, Attribute>> = {},
  ): string[] {
    const names = Array.from({ length: outputs }, () => `${kind}_${++this.#count}`);
    const node = new Message();
    for (const input of inputs) node.text(1, input);
    for (const output of names) node.text(2, output);
    node.text(3, names[0] as string).text(4, kind);
    // AttributeProto: name = 1, i = 3, type = 20 (INT = 2).
    for (const [key, value] of Object.entries(attributes))
      node.message(5, new Message().text(1, key).varint(3, value).varint(20, 2));
    this.#nodes.push(node);
    return names;
  }

  f32(values: ArrayLike<number>, dims: readonly number[] = [values.length]): string {
    return this.#constant('float32', new Uint8Array(Float32Array.from(values).buffer), dims);
  }

  i64(values: readonly number[], dims: readonly number[] = [values.length]): string {
    return this.#constant('int64', new Uint8Array(BigInt64Array.from(values, BigInt).buffer), dims);
  }

  /** Equal constants are stored once. TensorProto: dims = 1, data_type = 2, name = 8, raw_data = 9 (little-endian, as typed arrays are on every platform with WebAssembly). */
  #constant(type: ElementType, data: Uint8Array, dims: readonly number[]): string {
    const key = `${type} ${dims.join(',')}: ${data.join(',')}`;
    const known = this.#constants.get(key);
    if (known) return known.name;
    const name = `constant_${++this.#count}`;
    const tensor = new Message();
    for (const size of dims) tensor.varint(1, size);
    this.#constants.set(key, { name, tensor: tensor.varint(2, ELEMENT[type]).text(8, name).bytes(9, data) });
    return name;
  }

  input(name: string, type: ElementType, dims: Dims): string {
    this.#inputs.push(valueInfo(name, type, dims));
    return name;
  }

  /** Gives `value` its name as an output of the graph. */
  output(name: string, value: string, type: ElementType, dims: Dims): void {
    this.#nodes.push(new Message().text(1, value).text(2, name).text(4, 'Identity'));
    this.#outputs.push(valueInfo(name, type, dims));
  }

  /** The serialized model. GraphProto: node = 1, name = 2, initializer = 5, input = 11, output = 12; ModelProto: ir_version = 1, graph = 7, opset_import = 8. */
  done(): Uint8Array {
    const graph = new Message();
    for (const node of this.#nodes) graph.message(1, node);
    graph.text(2, this.name);
    for (const { tensor } of this.#constants.values()) graph.message(5, tensor);
    for (const input of this.#inputs) graph.message(11, input);
    for (const output of this.#outputs) graph.message(12, output);
    return new Message()
      .varint(1, IR_VERSION)
      .message(7, graph)
      .message(8, new Message().text(1, '').varint(2, OPSET))
      .done();
  }
}

/** ValueInfoProto: name = 1, type = 2; TypeProto: tensor_type = 1; its elem_type = 1, shape = 2; TensorShapeProto: dim = 1, with dim_value = 1 or dim_param = 2. */
function valueInfo(name: string, type: ElementType, dims: Dims): Message {
  const shape = new Message();
  for (const size of dims)
    shape.message(1, typeof size === 'number' ? new Message().varint(1, size) : new Message().text(2, size));
  const tensor = new Message().varint(1, ELEMENT[type]).message(2, shape);
  return new Message().text(1, name).message(2, new Message().message(1, tensor));
}

/** A graph that changes the type of `x` [any, any, any] to that of `y`. */
export function castGraph(from: ElementType, to: ElementType): Uint8Array {
  const g = new GraphWriter('cast');
  const dims = ['batch', 'sequence', 'width'];
  g.output('y', g.op('Cast', [g.input('x', from, dims)], { to: ELEMENT[to] }), to, dims);
  return g.done();
}
