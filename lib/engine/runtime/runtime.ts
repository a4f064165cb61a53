import type { ExecutionProvider } from '@/lib/domain';
import type { FileSource, FileStore, ModelLocation } from '@/lib/models';
import type { DecodeBackend } from '../decode/backend';
import type { GraphFiles } from '../decode/ort/graph-files';
import type { Ort } from '../decode/ort/types';
import type { HubRuntime } from './parts-runtime';

/** An execution provider with the build of ONNX Runtime that serves it. Each worker bundles one. */
export interface Runtime {
  readonly executionProvider: ExecutionProvider;
  /** Which of a model's graphs it runs. */
  readonly graph: 'graph.webgpu' | 'graph.cpu';
  /** Decoded size of the WebAssembly file, for progress; 0 where it is read from disk. */
  readonly bytes: number;
  readonly threads: number;
  /** Fetches and prepares the WebAssembly file; may be called again. */
  prepare(options: RuntimeOptions): Promise<Ort>;
  createBackend(ort: Ort, files: GraphFiles): Promise<DecodeBackend>;
  /** Where the graphs of a folder in the hub's layout run. */
  hub(ort: Ort): Promise<HubRuntime>;
}

export interface RuntimeOptions {
  readonly signal: AbortSignal;
  readonly onBytes: (bytes: number) => void;
}

export interface LocalEngineOptions {
  readonly sourceOf: (location: ModelLocation) => FileSource;
  readonly store?: FileStore;
  /** Called when the browser would not keep the model's files. */
  readonly onNotStored?: () => void;
}
