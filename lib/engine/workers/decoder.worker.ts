/** The pixel decoder's worker: the CPU build of ONNX Runtime, and no language model. */
import * as ort from 'onnxruntime-web/wasm';
import { LocalDecoder } from '../pictures/local-decoder';
import { browserFiles, prepareFrom } from '../runtime/browser';
import { WASM_BYTES } from '../runtime/bytes';
import { serveDecoder } from './serve-decoder';

const url = new URL('onnxruntime-web/ort-wasm-simd-threaded.wasm', import.meta.url);

serveDecoder(
  self,
  new LocalDecoder(
    { bytes: WASM_BYTES.wasm, prepare: prepareFrom(ort, new URL(url, self.location.href)) },
    browserFiles,
  ),
);
