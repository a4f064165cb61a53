import { MODEL } from './proto';
import type { FieldHeader } from './protobuf';
import type { WindowedFile } from './windowed-file';

/** The fields of the graph of an ONNX file of `size` bytes, read only as far as they are asked for. Throws RangeError where there is no graph. */
export async function* graphFields(file: WindowedFile, size: number): AsyncGenerator<FieldHeader, void> {
  let graphs = 0;
  for await (const inModel of file.fields(0, size)) {
    if (inModel.number !== MODEL.graph) continue;
    graphs++;
    yield* file.fields(inModel.from, inModel.to);
  }
  if (graphs === 0) throw new RangeError('it holds no graph');
}
