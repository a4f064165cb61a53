import { ModelError } from '@/lib/domain';
import { GRAPH, MODEL, TENSOR } from './proto';
import { EndsEarly, type Field, type FieldHeader, LONGEST_HEADER, readHeader } from './protobuf';
import { isOfHeader, readTensor } from './tensor';

/** Bytes `from` to `to` of a file; fewer only at its end. */
export type ReadRange = (from: number, to: number) => Promise<Uint8Array>;

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

/** So much is read at once. */
const WINDOW_BYTES = 64 * 1024;
/** Far more than the graph of one table needs; a foreign file is not read on and on. */
const MAX_READS = 64;
/** More than names and sizes take. */
const MAX_SMALL_BYTES = 4096;

/** A file of which only windows are fetched. */
class WindowedFile {
  #window: Uint8Array = new Uint8Array(0);
  #start = 0;
  #reads = 0;

  constructor(
    readonly size: number,
    private readonly read: ReadRange,
  ) {}

  /** Bytes `from` to `to`; fewer only at the end of the file. */
  async #bytes(from: number, to: number): Promise<Uint8Array> {
    const end = Math.min(to, this.size);
    if (from < this.#start || from > this.#start + this.#window.length) {
      this.#window = new Uint8Array(0);
      this.#start = from;
    }
    for (let next = this.#start + this.#window.length; next < end; next = this.#start + this.#window.length) {
      if (++this.#reads > MAX_READS) throw new RangeError('too many parts');
      const part = await this.read(next, next + WINDOW_BYTES);
      if (part.length === 0) throw new EndsEarly('it ends too soon');
      const rest = this.#window.subarray(from - this.#start);
      this.#window = new Uint8Array(rest.length + part.length);
      this.#window.set(rest);
      this.#window.set(part, rest.length);
      this.#start = from;
    }
    return this.#window.subarray(from - this.#start, end - this.#start);
  }

  /** The fields of the message that lies between two places, with the places of their contents in the file. */
  async *fields(from: number, to: number): AsyncGenerator<FieldHeader> {
    for (let at = from; at < to;) {
      const header = readHeader(await this.#bytes(at, at + LONGEST_HEADER), 0);
      const field = { ...header, from: at + header.from, to: at + header.to };
      if (field.to > to) throw new RangeError('a field is longer than the file');
      yield field;
      at = field.to;
    }
  }

  /** A field with its contents. */
  async load({ number, kind, value, from, to }: FieldHeader): Promise<Pick<Field, 'number' | 'value' | 'bytes'>> {
    if (to - from > MAX_SMALL_BYTES) throw new RangeError('a name is too long');
    return { number, value, bytes: kind === 'bytes' ? await this.#bytes(from, to) : new Uint8Array(0) };
  }
}

/**
 * The initializers of an ONNX file of `size` bytes, from parts of it. Those whose values are not contiguous raw bytes are left out. Throws
 * `model-damaged` where the file is no ONNX graph.
 */
export async function findTensors(path: string, size: number, read: ReadRange): Promise<TensorPlace[]> {
  const file = new WindowedFile(size, read);
  const tensors: TensorPlace[] = [];
  let graphs = 0;
  try {
    for await (const inModel of file.fields(0, size)) {
      if (inModel.number !== MODEL.graph) continue;
      graphs++;
      for await (const inGraph of file.fields(inModel.from, inModel.to)) {
        if (inGraph.number !== GRAPH.initializer) continue;
        const tensor = await findTensor(file, inGraph);
        if (tensor) tensors.push(tensor);
      }
    }
    if (graphs === 0) throw new RangeError('it holds no graph');
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
