import { expect, test } from 'vitest';
import type { SamplingSettings } from '@/lib/domain';
import type { EngineInfo } from '../interface/engine';
import { provenanceOf } from './provenance';

const info = {
  executionProvider: 'wasm',
  weightType: 'int8',
  textByRows: false,
  runtime: 'onnxruntime-web 1.30.0',
  adapter: 'An adapter',
} as EngineInfo;
const at = (guidanceWeight: number): SamplingSettings => ({ guidanceWeight }) as SamplingSettings;

test('names the lanes that are drawn with, and never the adapter', () => {
  expect(provenanceOf(info, at(1), true)).toEqual({
    executionProvider: 'wasm',
    weightType: 'int8',
    runtime: 'onnxruntime-web 1.30.0',
    lanes: 4,
    adapter: null,
  });
  expect(provenanceOf(info, at(1), false).lanes).toBe(2);
  expect(provenanceOf(info, at(5), true).lanes).toBe(6);
});

test('says that rows of text embeddings were not checked against their file', () => {
  expect(provenanceOf({ ...info, textByRows: true }, at(1), true).weightType).toBe('int8, text rows unverified');
});
