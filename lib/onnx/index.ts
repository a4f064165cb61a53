/** ONNX files read and written as protobuf: outlines, tensors, parts, and graphs put together. */
export { body, Composer, type Declared, node } from './compose';
export { unpacked, ZERO_POINTS, zeroPoints } from './dequantize';
export { castGraph, ELEMENT, type ElementType, GraphWriter } from './graph-writer';
export { type ModelParts, operatorOf, readNode, renamed, takeApart, Unfusable } from './model-parts';
export { upgraded } from './opsets';
export { type GraphOutline, type GraphValue, readGraphOutline } from './outline';
export { fieldsOf, MessageWriter, numbersOf, textOf } from './protobuf';
export { findTensors, type ReadRange } from './tensor-places';
