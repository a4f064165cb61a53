/** The engine worker for WebGPU; it bundles the build of ONNX Runtime with the native WebGPU execution provider only. */
import * as ort from 'onnxruntime-web/webgpu';
import { createWebGpuBackend } from '../decode/ort/webgpu/backend';
import { WebGpuDevice } from '../decode/ort/webgpu/device';
import { webGpuHubRuntime } from '../layouts/hub/webgpu-runtime';
import { browserFiles, prepareFrom } from '../runtime/browser';
import { WASM_BYTES } from '../runtime/bytes';
import { serveEngine } from './serve-engine';

const url = new URL('onnxruntime-web/ort-wasm-simd-threaded.asyncify.wasm', import.meta.url);
const device = new WebGpuDevice();

serveEngine(
  self,
  {
    executionProvider: 'webgpu',
    graph: 'graph.webgpu',
    bytes: WASM_BYTES.webgpu,
    threads: 1,
    prepare: prepareFrom(ort, new URL(url, self.location.href)),
    createBackend: (runtime, files) => createWebGpuBackend(runtime, files, device),
    hub: (runtime) => webGpuHubRuntime(runtime, device),
  },
  browserFiles,
  {
    loseDevice: () => {
      device.destroy();
    },
  },
);
