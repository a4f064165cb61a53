/** The engine worker for the CPU; it bundles the CPU build of ONNX Runtime only. */
import * as ort from 'onnxruntime-web/wasm';
import { createCpuBackend } from '../decode/ort/cpu';
import { cpuHubRuntime } from '../layouts/hub/runtime';
import { browserFiles, prepareFrom } from '../runtime/browser';
import { WASM_BYTES } from '../runtime/bytes';
import { serveEngine } from './serve-engine';

const url = new URL('onnxruntime-web/ort-wasm-simd-threaded.wasm', import.meta.url);
/** What the runtime's own threads run; the bundle holds it too, but with the worker around it. */
const threadScript = new URL('onnxruntime-web/ort-wasm-simd-threaded.mjs', import.meta.url);
const threads = Number(self.name) || 1;

serveEngine(
  self,
  {
    executionProvider: 'wasm',
    graph: 'graph.cpu',
    bytes: WASM_BYTES.wasm,
    threads,
    prepare: prepareFrom(ort, new URL(url, self.location.href), {
      threads,
      script: new URL(threadScript, self.location.href),
    }),
    createBackend: createCpuBackend,
    hub: (runtime) => Promise.resolve(cpuHubRuntime(runtime)),
  },
  browserFiles,
);
