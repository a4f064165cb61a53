/** The engine worker for the CPU; it bundles the CPU build of ONNX Runtime only. */
import * as ort from 'onnxruntime-web/wasm';
import { browserFiles, prepareFrom } from './browser-runtime';
import { createCpuBackend } from './decode-cpu';
import { cpuHubRuntime } from './hub/hub-runtime';
import { WASM_BYTES } from './runtime-bytes';
import { serveEngine } from './serve-engine';

const url = new URL('onnxruntime-web/ort-wasm-simd-threaded.wasm', import.meta.url);

serveEngine(
  self,
  {
    executionProvider: 'wasm',
    graph: 'graph.cpu',
    bytes: WASM_BYTES.wasm,
    threads: 1,
    prepare: prepareFrom(ort, new URL(url, self.location.href)),
    createBackend: createCpuBackend,
    hub: (runtime) => Promise.resolve(cpuHubRuntime(runtime)),
  },
  browserFiles,
);
