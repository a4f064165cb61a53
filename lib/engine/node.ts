/** The engine in Node, for the command line and for tests. Not part of the index, which also goes to browsers. */
import * as ort from 'onnxruntime-web/wasm';
import { sourceOf } from '@/lib/models';
import { DirectorySource } from '@/lib/models/node';
import { createCpuBackend } from './decode/ort/cpu';
import { cpuHubRuntime } from './layouts/hub/runtime';
import { LocalEngine } from './local-engine';
import { LocalDecoder } from './pictures/local-decoder';
import { LocalReader } from './pictures/picture-reader';
import type { LocalEngineOptions, Runtime } from './runtime/runtime';

/** The same WebAssembly build as in the browser, read from the package's folder. */
export const nodeRuntime: Runtime = {
  executionProvider: 'wasm',
  graph: 'graph.cpu',
  bytes: 0,
  threads: 1,
  prepare: () => {
    ort.env.wasm.numThreads = 1;
    return Promise.resolve(ort);
  },
  createBackend: createCpuBackend,
  hub: (runtime) => Promise.resolve(cpuHubRuntime(runtime)),
};

/** Reads model folders from disk as well as over HTTP. */
export const nodeFiles: LocalEngineOptions = {
  sourceOf: (location) => (location.kind === 'directory' ? new DirectorySource(location.path) : sourceOf(location)),
};

export const createNodeEngine = (): LocalEngine => new LocalEngine(nodeRuntime, nodeFiles);

export const createNodeDecoder = (): LocalDecoder => new LocalDecoder(nodeRuntime, nodeFiles);

export const createNodeReader = (): LocalReader => new LocalReader(nodeRuntime, nodeFiles.sourceOf);
