import { ModelError } from '@/lib/domain';
import { operatorOf, readNode } from './operation';
import { GRAPH, MODEL } from './proto';
import { EndsEarly, fieldsOf } from './protobuf';
import { rawDataOf, readTensor } from './tensor';
import { type GraphValue, readValueInfo } from './value-info';
import { readOpset } from './versions';

/** What a graph's file says about itself, without its weights. */
export interface GraphOutline {
  readonly inputs: readonly GraphValue[];
  readonly outputs: readonly GraphValue[];
  /** Files with weights, relative to the graph's folder, with the least number of bytes that each must have. */
  readonly external: Readonly<Record<string, number>>;
  /** Bytes of the largest single weight. */
  readonly largestWeight: number;
  readonly irVersion: number;
  /** Domain -> version of its operators; '' is ONNX's own. */
  readonly opsets: ReadonlyMap<string, number>;
  /** Rows of the tables in which an input looks up, by the input's name; what is looked up otherwise is not found. */
  readonly lookups: Readonly<Record<string, number>>;
}

/**
 * Reads inputs, outputs and the external weight files of an ONNX graph without running it. Throws `model-truncated` for a file that ends early and
 * `model-damaged` for one that is no graph.
 */
export function readGraphOutline(data: Uint8Array, file: string): GraphOutline {
  try {
    return outlineOf(data);
  } catch (error) {
    if (error instanceof EndsEarly)
      throw new ModelError('model-truncated', { file, receivedBytes: data.length }, { cause: error });
    const detail = error instanceof RangeError ? error.message : 'it is not an ONNX graph';
    throw new ModelError('model-damaged', { file, detail }, { cause: error });
  }
}

/** Operators that take rows of their first input by the numbers of their second one. */
const LOOKUPS: ReadonlySet<string> = new Set(['Gather', 'GatherBlockQuantized']);
/** Operators that leave a table's rows where they are, and ids what they are. */
const KEEPING: ReadonlySet<string> = new Set(['Cast', 'DequantizeLinear', 'Identity']);

function outlineOf(model: Uint8Array): GraphOutline {
  const opsets = new Map<string, number>();
  let irVersion = 0;
  let graph: Uint8Array = new Uint8Array(0);
  for (const { number, value, bytes } of fieldsOf(model)) {
    if (number === MODEL.irVersion) irVersion = value;
    if (number === MODEL.opsetImport) opsets.set(...readOpset(bytes));
    if (number === MODEL.graph) graph = bytes;
  }
  const inputs: GraphValue[] = [];
  const outputs: GraphValue[] = [];
  const rows = new Map<string, number>();
  const nodes: Uint8Array[] = [];
  const external: Record<string, number> = Object.create(null) as Record<string, number>;
  let largestWeight = 0;
  for (const { number, bytes } of fieldsOf(graph)) {
    if (number === GRAPH.node) nodes.push(bytes);
    if (number === GRAPH.initializer) {
      const weight = readTensor(fieldsOf(bytes));
      rows.set(weight.name, weight.dims[0] ?? 0);
      // Every kind of contents is within the message, so its length is never far off.
      largestWeight = Math.max(largestWeight, weight.external?.bytes ?? (rawDataOf(bytes) ?? bytes).length);
      if (weight.external) {
        const { file, offset, bytes: length } = weight.external;
        external[file] = Math.max(external[file] ?? 0, offset + length);
      }
    }
    if (number === GRAPH.input) inputs.push(readValueInfo(bytes));
    if (number === GRAPH.output) outputs.push(readValueInfo(bytes));
  }
  if (outputs.length === 0) throw new RangeError('it is not an ONNX graph');
  return {
    // Older exporters list weights as inputs, too.
    inputs: inputs.filter(({ name }) => !rows.has(name)),
    outputs,
    external,
    largestWeight,
    irVersion,
    opsets,
    lookups: lookupsOf(nodes, rows),
  };
}

/** The tables in which ids are looked up: `rows` of each weight by its name. Nodes of a graph come in the order in which they run. */
function lookupsOf(nodes: readonly Uint8Array[], rows: ReadonlyMap<string, number>): Readonly<Record<string, number>> {
  const same = new Map<string, string>();
  const origin = (name: string) => same.get(name) ?? name;
  const lookups: Record<string, number> = Object.create(null) as Record<string, number>;
  for (const each of nodes) {
    const { type } = operatorOf(each);
    if (!KEEPING.has(type) && !LOOKUPS.has(type)) continue;
    const { inputs, outputs, attributes } = readNode(each);
    const [first = '', second = ''] = inputs.map(origin);
    if (KEEPING.has(type)) same.set(outputs[0] ?? '', first);
    const axis = attributes.get(type === 'Gather' ? 'axis' : 'gather_axis') ?? 0;
    const table = rows.get(first);
    if (LOOKUPS.has(type) && axis === 0 && table !== undefined)
      lookups[second] = Math.min(lookups[second] ?? Infinity, table);
  }
  return lookups;
}
