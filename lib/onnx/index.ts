/** ONNX files read and written as protobuf: outlines, tensors, parts, and graphs put together. */
export { body, Composer } from './compose';
export { unpacked, ZERO_POINTS, zeroPoints } from './dequantize';
export { castGraph, ELEMENT, type ElementType, GraphWriter } from './graph-writer';
export { type ModelParts, takeApart, Unfusable } from './model-parts';
export { node, readNode } from './operation';
export { findInputs } from './graph-inputs';
export { type GraphOutline, readGraphOutline } from './outline';
export { findTensors } from './tensor-places';
export type { Declared, GraphValue } from './value-info';
export type { ReadRange } from './windowed-file';
