import type * as ort from 'onnxruntime-web';

/** The namespace of ONNX Runtime, whichever build it comes from. */
export type Ort = typeof ort;
export type Session = Awaited<ReturnType<Ort['InferenceSession']['create']>>;
export type Tensor = InstanceType<Ort['Tensor']>;
/** Tensors by the names that a graph has for them. */
export type Feeds = Record<string, Tensor>;
