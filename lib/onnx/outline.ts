import { ModelError } from '@/lib/domain';
import { GRAPH, MODEL } from './proto';
import { EndsEarly, fieldsOf, lastOf } from './protobuf';
import { rawDataOf, readTensor } from './tensor';
import { type GraphValue, readValueInfo } from './value-info';

/** What a graph's file says about itself, without its weights. */
export interface GraphOutline {
  readonly inputs: readonly GraphValue[];
  readonly outputs: readonly GraphValue[];
  /** Files with weights, relative to the graph's folder, with the least number of bytes that each must have. */
  readonly external: Readonly<Record<string, number>>;
  /** Bytes of the largest single weight. */
  readonly largestWeight: number;
}

/**
 * Reads inputs, outputs and the external weight files of an ONNX graph without running it. Throws `model-truncated` for a file that ends early and
 * `model-damaged` for one that is no graph.
 */
export function readGraphOutline(data: Uint8Array, file: string): GraphOutline {
  try {
    return outlineOf(lastOf(data, MODEL.graph));
  } catch (error) {
    if (error instanceof EndsEarly)
      throw new ModelError('model-truncated', { file, receivedBytes: data.length }, { cause: error });
    const detail = error instanceof RangeError ? error.message : 'it is not an ONNX graph';
    throw new ModelError('model-damaged', { file, detail }, { cause: error });
  }
}

function outlineOf(graph: Uint8Array): GraphOutline {
  const inputs: GraphValue[] = [];
  const outputs: GraphValue[] = [];
  const weights = new Set<string>();
  const external: Record<string, number> = Object.create(null) as Record<string, number>;
  let largestWeight = 0;
  for (const { number, bytes } of fieldsOf(graph)) {
    if (number === GRAPH.initializer) {
      const weight = readTensor(fieldsOf(bytes));
      weights.add(weight.name);
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
  // Older exporters list weights as inputs, too.
  return { inputs: inputs.filter(({ name }) => !weights.has(name)), outputs, external, largestWeight };
}
