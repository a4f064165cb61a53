import { DATA_TYPE, type DataType, DIMENSION, SHAPE, TENSOR_TYPE, TYPE, VALUE_INFO } from './proto';
import { fieldsOf, lastOf, MessageWriter, textOf } from './protobuf';

/** An input or output of a graph. */
export interface GraphValue {
  readonly name: string;
  /** As ONNX Runtime calls it, or `type <number>`. */
  readonly type: string;
  /** Fixed sizes as numbers, the others by the exporter's names ('' where it gave none). */
  readonly dims: readonly (number | string)[];
}

/** A value of a type that is known here. */
export interface Declared extends GraphValue {
  readonly type: DataType;
}

const TYPE_NAMES = new Map<number, string>(Object.entries(DATA_TYPE).map(([name, number]) => [number, name]));

/** A ValueInfoProto of a tensor. */
export function valueInfo({ name, type, dims }: Declared): Uint8Array {
  const shape = new MessageWriter();
  for (const size of dims) {
    const dimension = new MessageWriter();
    shape.message(
      SHAPE.dim,
      typeof size === 'number' ? dimension.varint(DIMENSION.value, size) : dimension.text(DIMENSION.param, size),
    );
  }
  const tensor = new MessageWriter().varint(TENSOR_TYPE.elemType, DATA_TYPE[type]).message(TENSOR_TYPE.shape, shape);
  return new MessageWriter()
    .text(VALUE_INFO.name, name)
    .message(VALUE_INFO.type, new MessageWriter().message(TYPE.tensorType, tensor))
    .done();
}

/** Reads a ValueInfoProto of a tensor. Throws RangeError where it is none. */
export function readValueInfo(data: Uint8Array): GraphValue {
  let type = '';
  const dims: (number | string)[] = [];
  for (const { number, value, bytes } of fieldsOf(lastOf(lastOf(data, VALUE_INFO.type), TYPE.tensorType))) {
    if (number === TENSOR_TYPE.elemType) type = TYPE_NAMES.get(value) ?? `type ${value}`;
    if (number !== TENSOR_TYPE.shape) continue;
    for (const dimension of fieldsOf(bytes)) if (dimension.number === SHAPE.dim) dims.push(readSize(dimension.bytes));
  }
  return { name: textOf(lastOf(data, VALUE_INFO.name)), type, dims };
}

function readSize(dimension: Uint8Array): number | string {
  let size: number | string = '';
  for (const { number, value, bytes } of fieldsOf(dimension)) {
    if (number === DIMENSION.value) size = value;
    if (number === DIMENSION.param) size = textOf(bytes);
  }
  return size;
}
