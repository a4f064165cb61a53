import { statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { WASM_BYTES } from './bytes';

test.each([
  ['wasm', 'ort-wasm-simd-threaded.wasm'],
  ['webgpu', 'ort-wasm-simd-threaded.asyncify.wasm'],
] as const)('the runtime for %s is as large as progress says', (executionProvider, file) => {
  const path = fileURLToPath(new URL(`../../../node_modules/onnxruntime-web/dist/${file}`, import.meta.url));
  expect(statSync(path).size).toBe(WASM_BYTES[executionProvider]);
});
