import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { externalPath } from './external-data';

const GRAPH = 'onnx/language_model.onnx';

describe('where a graph keeps its weights', () => {
  test.each([
    ['language_model.onnx_data', 'onnx/language_model.onnx_data'],
    ['./language_model.onnx_data', 'onnx/language_model.onnx_data'],
    ['../onnx/language_model.onnx_data', 'onnx/language_model.onnx_data'],
    ['../weights.bin', 'weights.bin'],
    ['sub/weights.bin', 'onnx/sub/weights.bin'],
    ['sub/.././/weights.bin', 'onnx/weights.bin'],
    ['../weights/part 1 (é).bin', 'weights/part 1 (é).bin'],
    ['..weights', 'onnx/..weights'],
  ])('%j is %s', (location, path) => {
    expect(externalPath(GRAPH, location)).toBe(path);
  });

  test.each([
    '../../weights.bin',
    '../../my-janus/onnx/weights.bin',
    'sub/../../../weights.bin',
    '/etc/passwd',
    '//host/share',
    '..\\..\\weights.bin',
    'C:/weights.bin',
    'C:weights.bin',
    'https://elsewhere.example/weights.bin',
    '%2e%2e/%2e%2e/weights.bin',
    '..%2Fweights.bin',
    'weights.bin?x',
    'weights.bin#x',
    'weights\u0000.bin',
    '',
    '.',
    '..',
    'sub/',
    'sub/..',
  ])('%j is refused', (location) => {
    expect(() => externalPath(GRAPH, location)).toThrow(expect.objectContaining({ code: 'model-outside' }));
  });

  test('is in the folder, or refused, whatever a graph says', () => {
    const step = fc.oneof(fc.constantFrom('..', '.', '', 'onnx', '%2e%2e', '\\..'), fc.string({ maxLength: 6 }));
    fc.assert(
      fc.property(fc.array(step, { maxLength: 8 }), (steps) => {
        let path: string;
        try {
          path = externalPath(GRAPH, steps.join('/'));
        } catch (error) {
          expect(error).toMatchObject({ code: 'model-outside' });
          return;
        }
        const base = 'file:///home/my-janus/';
        expect(path).not.toMatch(/(?:^|\/)\.{0,2}(?:\/|$)|\\/);
        expect(new URL(path, base).href.startsWith(base)).toBe(true);
      }),
    );
  });
});
