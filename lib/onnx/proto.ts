/** Field numbers of the messages of onnx.proto3 that are read or written here: https://github.com/onnx/onnx/blob/main/onnx/onnx.proto3. */

export const MODEL = { irVersion: 1, graph: 7, opsetImport: 8, functions: 25 } as const;

/** OperatorSetIdProto. */
export const OPSET = { domain: 1, version: 2 } as const;

export const GRAPH = {
  node: 1,
  name: 2,
  initializer: 5,
  input: 11,
  output: 12,
  valueInfo: 13,
  sparseInitializer: 15,
} as const;

export const NODE = { input: 1, output: 2, name: 3, opType: 4, attribute: 5, domain: 7 } as const;

export const ATTRIBUTE = { name: 1, f: 2, i: 3, g: 6, ints: 8, graphs: 11, type: 20 } as const;

/** AttributeProto.AttributeType. */
export const ATTRIBUTE_TYPE = { float: 1, int: 2, graph: 5, ints: 7 } as const;

export const TENSOR = { dims: 1, dataType: 2, name: 8, rawData: 9, externalData: 13, dataLocation: 14 } as const;

/** TensorProto.DataLocation. */
export const EXTERNAL = 1;

/** StringStringEntryProto. */
export const ENTRY = { key: 1, value: 2 } as const;

/** TensorProto.DataType, by the names that ONNX Runtime gives them. */
export const DATA_TYPE = {
  float32: 1,
  uint8: 2,
  int8: 3,
  int32: 6,
  int64: 7,
  bool: 9,
  float16: 10,
  bfloat16: 16,
  uint4: 21,
} as const;
export type DataType = keyof typeof DATA_TYPE;

export const VALUE_INFO = { name: 1, type: 2 } as const;

/** TypeProto. */
export const TYPE = { tensorType: 1 } as const;

/** TypeProto.Tensor. */
export const TENSOR_TYPE = { elemType: 1, shape: 2 } as const;

/** TensorShapeProto. */
export const SHAPE = { dim: 1 } as const;

/** TensorShapeProto.Dimension. */
export const DIMENSION = { value: 1, param: 2 } as const;

/** The domain of ONNX's own operators has two names. */
export const domainOf = (name: string): string => (name === 'ai.onnx' ? '' : name);
