/** Small model folders for tests, of every layout that is read. */
import { fileURLToPath } from 'node:url';
import type { ModelLocation } from '../location';

export type TestModel =
  | 'tiny-model'
  | 'janus-tiny'
  | 'janus-builder'
  | 'janus-fused-fp32'
  | 'janus-fused-fp16'
  | 'janus-fused-q8'
  | 'janus-fused-q4';

/** The folder of a small model, or a file in it. */
export const testModel = (name: TestModel, file = ''): string =>
  fileURLToPath(new URL(`../testdata/${name}/${file}`, import.meta.url)).replace(/\/$/, '');

/** A model of random weights in the embedded model's layout. */
export const TINY: ModelLocation & { readonly kind: 'directory' } = {
  kind: 'directory',
  path: testModel('tiny-model'),
};
