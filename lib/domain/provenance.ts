export type ExecutionProvider = 'webgpu' | 'wasm';

/** How the numbers came about. The adapter is there only if the author chose to tell it. */
export interface Provenance {
  readonly executionProvider: ExecutionProvider;
  readonly weightType: string;
  /** e.g. `onnxruntime-web 1.30.0` */
  readonly runtime: string;
  /** Lanes of the decoder's batch: two that draw, two more with guidance, and two more with cross scores. */
  readonly lanes: number;
  readonly adapter: string | null;
}
