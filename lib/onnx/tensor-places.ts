import { ModelError } from '@/lib/domain';
import { graphFields } from './graph-fields';
import { GRAPH, TENSOR } from './proto';
import type { Field, FieldHeader } from './protobuf';
import { isOfHeader, readTensor } from './tensor';
import { type ReadRange, WindowedFile } from './windowed-file';

/** Where the values of one initializer of an ONNX graph lie, found without reading them. */
export interface TensorPlace {
  readonly name: string;
  readonly dims: readonly number[];
  /** `TensorProto.DataType`: 1 float32, 10 float16, ... */
  readonly dataType: number;
  /** The file beside the graph that holds the values; null where they are in the graph's own file. */
  readonly file: string | null;
  readonly offset: number;
  readonly bytes: number;
}

/** Far more than the graph of one table needs. */
const MAX_READS = 64;

/**
 * The initializers of an ONNX file of `size` bytes, from parts of it. Those whose values are not contiguous raw bytes are left out. Throws
 * `model-damaged` where the file is no ONNX graph.
 */
export async function findTensors(path: string, size: number, read: ReadRange): Promise<TensorPlace[]> {
  const file = new WindowedFile(size, read, MAX_READS);
  const tensors: TensorPlace[] = [];
  try {
    for await (const inGraph of graphFields(file, size)) {
      if (inGraph.number !== GRAPH.initializer) continue;
      const tensor = await findTensor(file, inGraph);
      if (tensor) tensors.push(tensor);
    }
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new ModelError('model-damaged', { file: path, detail: error.message }, { cause: error });
  }
  return tensors;
}

async function findTensor(file: WindowedFile, message: FieldHeader): Promise<TensorPlace | null> {
  const header: Pick<Field, 'number' | 'value' | 'bytes'>[] = [];
  let raw: FieldHeader | null = null;
  for await (const field of file.fields(message.from, message.to)) {
    if (field.number === TENSOR.rawData) raw = field;
    if (isOfHeader(field)) header.push(await file.load(field));
  }
  const { name, dims, dataType, external } = readTensor(header);
  if (external) return { name, dims, dataType, ...external };
  return raw && { name, dims, dataType, file: null, offset: raw.from, bytes: raw.to - raw.from };
}
