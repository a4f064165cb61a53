import { DATA_TYPE, type DataType, ENTRY, EXTERNAL, TENSOR } from './proto';
import { type Field, fieldsOf, lastOf, MessageWriter, numbersOf, textOf } from './protobuf';

/** Bytes of a file beside the graph. */
export interface Place {
  readonly file: string;
  readonly offset: number;
  readonly bytes: number;
}

/** What a TensorProto says of its values. */
export interface TensorHeader {
  readonly name: string;
  readonly dims: readonly number[];
  /** TensorProto.DataType. */
  readonly dataType: number;
  /** Where the values are when they are in another file. */
  readonly external: Place | null;
}

const HEADER_FIELDS: ReadonlySet<number> = new Set([TENSOR.dims, TENSOR.dataType, TENSOR.name, TENSOR.externalData]);

/** True of the fields that `readTensor` needs; the others hold values. */
export const isOfHeader = ({ number }: { readonly number: number }): boolean => HEADER_FIELDS.has(number);

/** Reads a TensorProto, of which the fields that hold values may be missing. Throws RangeError where it is none. */
export function readTensor(fields: Iterable<Pick<Field, 'number' | 'value' | 'bytes'>>): TensorHeader {
  const dims: number[] = [];
  const entries = new Map<string, string>();
  let dataType = 0;
  let name = '';
  for (const field of fields) {
    if (field.number === TENSOR.dims) for (const size of numbersOf(field)) dims.push(size);
    if (field.number === TENSOR.dataType) dataType = field.value;
    if (field.number === TENSOR.name) name = textOf(field.bytes);
    if (field.number === TENSOR.externalData)
      entries.set(textOf(lastOf(field.bytes, ENTRY.key)), textOf(lastOf(field.bytes, ENTRY.value)));
  }
  return { name, dims, dataType, external: placeOf(entries) };
}

function placeOf(entries: ReadonlyMap<string, string>): Place | null {
  const file = entries.get('location');
  if (file === undefined) return null;
  const numberOf = (key: string) => {
    const number = Number(entries.get(key) ?? 0);
    if (!Number.isSafeInteger(number) || number < 0)
      throw new RangeError(`the ${key} of a weight is no number of bytes`);
    return number;
  };
  return { file, offset: numberOf('offset'), bytes: numberOf('length') };
}

/** The contents of a tensor's field of raw values; null where there are none. */
export function rawDataOf(tensor: Uint8Array): Uint8Array | null {
  let raw: Uint8Array | null = null;
  for (const { number, bytes } of fieldsOf(tensor)) if (number === TENSOR.rawData) raw = bytes;
  return raw;
}

function tensorHeader(name: string, dataType: number, dims: readonly number[]): MessageWriter {
  const out = new MessageWriter();
  for (const size of dims) out.varint(TENSOR.dims, size);
  return out.varint(TENSOR.dataType, dataType).text(TENSOR.name, name);
}

/** A tensor with its values, little-endian. */
export const tensorOf = (name: string, type: DataType, dims: readonly number[], data: Uint8Array): Uint8Array =>
  tensorHeader(name, DATA_TYPE[type], dims).bytes(TENSOR.rawData, data).done();

/** An int64 tensor. */
export const int64TensorOf = (name: string, values: readonly number[], dims: readonly number[]): Uint8Array =>
  tensorOf(name, 'int64', dims, new Uint8Array(BigInt64Array.from(values, BigInt).buffer));

/** A tensor whose values are in a file beside the graph. */
export function externalTensor(name: string, dataType: number, dims: readonly number[], place: Place): Uint8Array {
  const out = tensorHeader(name, dataType, dims);
  for (const [key, value] of [
    ['location', place.file],
    ['offset', place.offset],
    ['length', place.bytes],
  ] as const) {
    out.message(TENSOR.externalData, new MessageWriter().text(ENTRY.key, key).text(ENTRY.value, String(value)));
  }
  return out.varint(TENSOR.dataLocation, EXTERNAL).done();
}
