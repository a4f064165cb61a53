import { graphMessage, modelMessage } from './graph';
import { type Initializer, type ModelParts, type Rename, renamed } from './model-parts';
import { commonOpsets, upgraded } from './opsets';
import { inOrder } from './node-order';
import { DATA_TYPE, type DataType } from './proto';
import type { MessageWriter } from './protobuf';
import { externalTensor, int64TensorOf, type Place } from './tensor';
import type { Declared } from './value-info';

/** Values of at most so many bytes stay in the graph: shapes are inferred from them, which weights elsewhere are not read for. */
const INLINE_BYTES = 1024;

/** One of the graphs that are put together, its values renamed. */
export interface Placed {
  readonly model: ModelParts;
  /** Each behind those whose values it reads. */
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
    const nodes = inOrder(model.nodes).map((node, i) => {
      const { node: same, constants } = upgraded(node, from, to, `upgraded_${i}`);
      for (const [name, values] of Object.entries(constants)) this.constant(of(name), values);
      return renamed(same, 'node', of);
    });
    for (const initializer of model.initializers) this.#initializers.push(stored(initializer, of));
    return { model, nodes, of };
  }

  /** A weight from bytes of a file. */
  view(name: string, place: Place | null, type: DataType, dims: readonly number[]): void {
    if (!place) throw new RangeError(`${name} lies in no file`);
    this.#initializers.push(externalTensor(name, DATA_TYPE[type], dims, place));
  }

  /** An int64 constant. */
  constant(name: string, values: readonly number[], dims: readonly number[] = [values.length]): void {
    this.#initializers.push(int64TensorOf(name, values, dims));
  }

  /** The model. */
  done(nodes: readonly Uint8Array[], inputs: readonly Declared[], outputs: readonly Declared[]): Uint8Array {
    const graph = { name: 'joined', nodes, initializers: this.#initializers, inputs, outputs };
    return modelMessage(graph, this.#irVersion, this.opsets);
  }
}

/** A renamed initializer: values beyond a few are read from their file. */
function stored({ name, dims, dataType, place, message }: Initializer, of: Rename): Uint8Array {
  if (!place || place.bytes <= INLINE_BYTES) return renamed(message, 'tensor', of);
  return externalTensor(of(name), dataType, dims, place);
}

/** A body: a graph with its inputs and outputs declared, which reads weights of the graph around it. */
export const body = (
  name: string,
  nodes: readonly Uint8Array[],
  inputs: readonly Declared[],
  outputs: readonly Declared[],
): MessageWriter => graphMessage({ name, nodes, inputs, outputs });
