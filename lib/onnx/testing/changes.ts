/** Changes to ONNX files, for tests. */
import { GRAPH, MODEL } from '../proto';
import { fieldsOf, MessageWriter } from '../protobuf';
import { externalTensor, rawDataOf, readTensor } from '../tensor';

/** The model with the values of its weights at `location`, one after another, and what has to lie there. */
export function withWeightsAt(
  model: Uint8Array,
  location: string,
): { readonly graph: Uint8Array<ArrayBuffer>; readonly data: Uint8Array<ArrayBuffer> } {
  const out = new MessageWriter();
  const data = new MessageWriter();
  let offset = 0;
  for (const inModel of fieldsOf(model)) {
    if (inModel.number !== MODEL.graph) {
      out.raw(inModel.raw);
      continue;
    }
    const graph = new MessageWriter();
    for (const { number, bytes, raw } of fieldsOf(inModel.bytes)) {
      const values = number === GRAPH.initializer ? rawDataOf(bytes) : null;
      const { name, dims, dataType } = readTensor(fieldsOf(number === GRAPH.initializer ? bytes : new Uint8Array(0)));
      // What shapes are made of is read without any other file.
      if (!values || values.length < 64) {
        graph.raw(raw);
        continue;
      }
      graph.bytes(
        GRAPH.initializer,
        externalTensor(name, dataType, dims, { file: location, offset, bytes: values.length }),
      );
      data.raw(values);
      offset += values.length;
    }
    out.message(MODEL.graph, graph);
  }
  return { graph: Uint8Array.from(out.done()), data: Uint8Array.from(data.done()) };
}

/** A graph of a file of `bytes` bytes, with nothing in it but a name and an output. */
export function graphOfSize(bytes: number, filler: Uint8Array): Uint8Array<ArrayBuffer> {
  const graph = new MessageWriter().bytes(GRAPH.output, new MessageWriter().text(1, 'y').done());
  const model = new MessageWriter().message(MODEL.graph, graph);
  const length = bytes - model.done().length - 3;
  // Fields that nobody knows are passed over: number 15, of a length that takes two bytes.
  return Uint8Array.from(model.bytes(15, filler.subarray(0, length)).done());
}
