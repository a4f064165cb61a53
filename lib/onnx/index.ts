/** ONNX files read and written as protobuf: outlines, tensors, parts, and graphs put together. */
export { body, Composer } from './compose';
export { unpacked, ZERO_POINTS, zeroPoints } from './dequantize';
export { castGraph, ELEMENT, type ElementType, GraphWriter } from './graph-writer';
export { type ModelParts, takeApart } from './model-parts';
export { inOrder } from './node-order';
export { node, readNode } from './operation';
export { findInputs } from './graph-inputs';
export { type GraphOutline, readGraphOutline } from './outline';
export { findTensors } from './tensor-places';
export { Unfusable } from './unfusable';
export type { Declared, GraphValue } from './value-info';
export type { ReadRange } from './windowed-file';
