/** A worker that answers questions about pictures: the CPU build of ONNX Runtime. */
import * as ort from 'onnxruntime-web/wasm';
import { LocalReader } from '../pictures/picture-reader';
import { browserFiles, prepareFrom } from '../runtime/browser';
import { serveReader } from './serve-reader';

const url = new URL('onnxruntime-web/ort-wasm-simd-threaded.wasm', import.meta.url);

serveReader(
  self,
  new LocalReader({ prepare: prepareFrom(ort, new URL(url, self.location.href)) }, browserFiles.sourceOf),
);
