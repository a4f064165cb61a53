import { ModelError } from '@/lib/domain';

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

const VARINT = 0;
const FIXED64 = 1;
const LENGTH = 2;
const FIXED32 = 5;

/** One field of a protobuf message: a number, or the place of what it holds. */
interface Field {
  readonly number: number;
  /** Of a varint; for anything else its length. */
  readonly value: number;
  readonly isVarint: boolean;
  readonly from: number;
  readonly to: number;
}

/** Reads protobuf fields of a file of which only windows are fetched. */
class Fields {
  #window: Uint8Array = new Uint8Array(0);
  #start = 0;
  #reads = 0;

  constructor(private readonly read: ReadRange) {}

  async #byte(at: number): Promise<number> {
    if (at < this.#start || at >= this.#start + this.#window.length) {
      if (++this.#reads > MAX_READS) throw new RangeError('too many parts');
      this.#window = await this.read(at, at + WINDOW_BYTES);
      this.#start = at;
    }
    const byte = this.#window[at - this.#start];
    if (byte === undefined) throw new RangeError('it ends too soon');
    return byte;
  }

  async #varint(at: number): Promise<{ readonly value: number; readonly next: number }> {
    let value = 0;
    for (let i = 0; i < 10; i++) {
      const byte = await this.#byte(at + i);
      value += (byte & 127) * 2 ** (7 * i);
      if (byte < 128) return { value, next: at + i + 1 };
    }
    throw new RangeError('a number is too long');
  }

  /** The fields of the message that lies between two places. */
  async *of(from: number, to: number): AsyncGenerator<Field> {
    for (let at = from; at < to;) {
      const key = await this.#varint(at);
      const number = Math.floor(key.value / 8);
      const type = key.value % 8;
      at = key.next;
      if (type === VARINT) {
        const { value, next } = await this.#varint(at);
        yield { number, value, isVarint: true, from: at, to: next };
        at = next;
      } else if (type === LENGTH) {
        const { value, next } = await this.#varint(at);
        at = next + value;
        if (at > to) throw new RangeError('a field is longer than the file');
        yield { number, value, isVarint: false, from: next, to: at };
      } else if (type === FIXED64 || type === FIXED32) {
        const length = type === FIXED64 ? 8 : 4;
        yield { number, value: length, isVarint: false, from: at, to: at + length };
        at += length;
      } else throw new RangeError('a field has an unknown type');
    }
  }

  async text({ from, to }: Field): Promise<string> {
    if (to - from > 4096) throw new RangeError('a name is too long');
    const bytes = new Uint8Array(to - from);
    for (let i = 0; i < bytes.length; i++) bytes[i] = await this.#byte(from + i);
    return new TextDecoder().decode(bytes);
  }

  /** Repeated numbers, packed or one by one. */
  async numbers({ from, to, value, isVarint }: Field): Promise<number[]> {
    if (isVarint) return [value];
    const numbers: number[] = [];
    for (let at = from; at < to;) {
      const { value: each, next } = await this.#varint(at);
      numbers.push(each);
      at = next;
    }
    return numbers;
  }
}

/**
 * The initializers of an ONNX file of `size` bytes, from parts of it (onnx.proto: ModelProto.graph = 7, GraphProto.initializer = 5).
 * Those whose values are not contiguous raw bytes are left out. Throws `model-damaged` where the file is no ONNX graph.
 */
export async function findTensors(path: string, size: number, read: ReadRange): Promise<TensorPlace[]> {
  const fields = new Fields(read);
  const tensors: TensorPlace[] = [];
  let graphs = 0;
  try {
    for await (const inModel of fields.of(0, size)) {
      if (inModel.number !== 7) continue;
      graphs++;
      for await (const inGraph of fields.of(inModel.from, inModel.to)) {
        if (inGraph.number !== 5) continue;
        const tensor = await readTensor(fields, inGraph);
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

/** TensorProto: dims = 1, data_type = 2, name = 8, raw_data = 9, external_data = 13, data_location = 14. */
async function readTensor(fields: Fields, message: Field): Promise<TensorPlace | null> {
  const dims: number[] = [];
  let dataType = 0;
  let name = '';
  let raw: Field | null = null;
  const external = new Map<string, string>();
  for await (const field of fields.of(message.from, message.to)) {
    if (field.number === 1) dims.push(...(await fields.numbers(field)));
    else if (field.number === 2) dataType = field.value;
    else if (field.number === 8) name = await fields.text(field);
    else if (field.number === 9) raw = field;
    else if (field.number === 13) {
      let key = '';
      let value = '';
      for await (const entry of fields.of(field.from, field.to)) {
        if (entry.number === 1) key = await fields.text(entry);
        if (entry.number === 2) value = await fields.text(entry);
      }
      external.set(key, value);
    }
  }
  const file = external.get('location');
  if (file !== undefined) {
    return {
      name,
      dims,
      dataType,
      file,
      offset: Number(external.get('offset') ?? 0),
      bytes: Number(external.get('length') ?? 0),
    };
  }
  return raw && { name, dims, dataType, file: null, offset: raw.from, bytes: raw.to - raw.from };
}
