import { modelMessage } from './graph';
import { node } from './operation';
import { DATA_TYPE } from './proto';
import { int64TensorOf, tensorOf } from './tensor';
import type { Declared } from './value-info';

const OPSET_VERSION = 21;
const IR_VERSION = 10;

/** The types that go in and out of a Janus's graphs: TensorProto.DataType. */
export const ELEMENT = { float32: DATA_TYPE.float32, int64: DATA_TYPE.int64, float16: DATA_TYPE.float16 } as const;
export type ElementType = keyof typeof ELEMENT;

/** Sizes, or names of sizes that are open. */
type Dims = readonly (number | string)[];
type Attributes = Readonly<Record<string, number>>;

/** Writes a small ONNX graph: what joins a folder's graphs depends on their types and sizes, which are known at load only. */
export class GraphWriter {
  readonly #nodes: Uint8Array[] = [];
  readonly #inputs: Declared[] = [];
  readonly #outputs: Declared[] = [];
  readonly #constants = new Map<string, { readonly name: string; readonly tensor: Uint8Array }>();
  #count = 0;

  constructor(private readonly name: string) {}

  /** Adds a node with one output; returns its name. Attributes are integers. */
  op(kind: string, inputs: readonly string[], attributes: Attributes = {}): string {
    return this.ops(kind, inputs, 1, attributes)[0] as string;
  }

  /** Adds a node with several outputs; returns their names. */
  ops(kind: string, inputs: readonly string[], outputs: number, attributes: Attributes = {}): string[] {
    const names = Array.from({ length: outputs }, () => `${kind}_${++this.#count}`);
    this.#nodes.push(node(kind, inputs, names, attributes));
    return names;
  }

  f32(values: ArrayLike<number>, dims: readonly number[] = [values.length]): string {
    const data = new Uint8Array(Float32Array.from(values).buffer);
    return this.#constant(`float32 ${dims.join(',')}: ${data.join(',')}`, (name) =>
      tensorOf(name, 'float32', dims, data),
    );
  }

  i64(values: readonly number[], dims: readonly number[] = [values.length]): string {
    return this.#constant(`int64 ${dims.join(',')}: ${values.join(',')}`, (name) => int64TensorOf(name, values, dims));
  }

  /** Equal constants are stored once. */
  #constant(key: string, write: (name: string) => Uint8Array): string {
    const known = this.#constants.get(key);
    if (known) return known.name;
    const name = `constant_${++this.#count}`;
    this.#constants.set(key, { name, tensor: write(name) });
    return name;
  }

  input(name: string, type: ElementType, dims: Dims): string {
    this.#inputs.push({ name, type, dims });
    return name;
  }

  /** Gives `value` its name as an output of the graph. */
  output(name: string, value: string, type: ElementType, dims: Dims): void {
    this.#nodes.push(node('Identity', [value], [name]));
    this.#outputs.push({ name, type, dims });
  }

  /** The serialized model. */
  done(): Uint8Array {
    const graph = {
      name: this.name,
      nodes: this.#nodes,
      initializers: [...this.#constants.values()].map(({ tensor }) => tensor),
      inputs: this.#inputs,
      outputs: this.#outputs,
    };
    return modelMessage(graph, IR_VERSION, [['', OPSET_VERSION]]);
  }
}

/** A graph that changes the type of `x` [any, any, any] to that of `y`. */
export function castGraph(from: ElementType, to: ElementType): Uint8Array {
  const g = new GraphWriter('cast');
  const dims = ['batch', 'sequence', 'width'];
  g.output('y', g.op('Cast', [g.input('x', from, dims)], { to: ELEMENT[to] }), to, dims);
  return g.done();
}
