import { ModelError } from '@/lib/domain';
import { graphFields } from './graph-fields';
import { GRAPH } from './proto';
import { EndsEarly } from './protobuf';
import { type GraphValue, readValueInfo } from './value-info';
import { type ReadRange, WindowedFile } from './windowed-file';

/** Every large weight costs a read, which jumps over it. */
const MAX_READS = 4096;

/**
 * The inputs of an ONNX file of `size` bytes, in their order, from parts of it: weights are jumped over, and those that are listed as inputs are told as such. Throws
 * `model-truncated` for a file that ends early and `model-damaged` for one that is no graph.
 */
export async function findInputs(path: string, size: number, read: ReadRange): Promise<GraphValue[]> {
  const file = new WindowedFile(size, read, MAX_READS);
  const inputs: GraphValue[] = [];
  try {
    for await (const inGraph of graphFields(file, size))
      if (inGraph.number === GRAPH.input) inputs.push(readValueInfo((await file.load(inGraph)).bytes));
    return inputs;
  } catch (error) {
    if (error instanceof EndsEarly) throw new ModelError('model-truncated', { file: path }, { cause: error });
    if (!(error instanceof RangeError)) throw error;
    throw new ModelError('model-damaged', { file: path, detail: error.message }, { cause: error });
  }
}
