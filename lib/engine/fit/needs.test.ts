import { describe, expect, test } from 'vitest';
import { chooseHubFiles, type HubConfig } from '@/lib/models';
import { type Device, needsOf, objectionsTo } from './needs';

const MB = 1e6;
/** As the public repository of Janus-Pro-1B lists them. */
const files = [
  { path: 'config.json', bytes: 2000 },
  { path: 'tokenizer.json', bytes: 4.7 * MB },
  { path: 'onnx/language_model_q4f16.onnx', bytes: 698_231_365 },
  { path: 'onnx/language_model_q4.onnx', bytes: 779_633_963 },
  { path: 'onnx/gen_head.onnx', bytes: 151_070_926 },
  { path: 'onnx/gen_head_fp16.onnx', bytes: 75_536_078 },
  { path: 'onnx/gen_img_embeds.onnx', bytes: 17_385_630 },
  { path: 'onnx/image_decode.onnx', bytes: 170_460_651 },
  { path: 'onnx/embed_tokens_fp16.onnx', bytes: 419 * MB },
];
const config: HubConfig = { layers: 24, heads: 16, headSize: 128, hiddenSize: 2048, positions: 16384, codes: 16384 };
const gpu: Device = {
  webgpu: true,
  shaderF16: true,
  maxBufferBytes: 2 ** 31,
  memoryBytes: 16e9,
  freeStorageBytes: 50e9,
};
const needs = (device: Device) => needsOf(chooseHubFiles(files, device), config, 576);
const texts = (device: Device, missing = 0) => objectionsTo(needs(device), device, missing).map(({ text }) => text);

describe('Janus-Pro-1B', () => {
  test('memory for keys and values: 192 KiB a token and lane in 16 bits, doubled for past and present', () => {
    const positions = 64 + 576 - 1;
    expect(needs(gpu).kvBytes).toBe(6 * (2 * positions - 1) * 192 * 1024);
    expect(needs({ ...gpu, shaderF16: false }).kvBytes).toBe(6 * (2 * positions - 1) * 384 * 1024);
  });

  test('has nothing against a good graphics card', () => {
    expect(texts(gpu, 1.4e9)).toEqual([]);
    expect(needs(gpu)).toMatchObject({
      shaderF16: true,
      largestFile: { bytes: 698_231_365 },
      bufferBytes: 16384 * 2048 * 2,
    });
  });

  test('does without shader-f16 in other files', () => {
    expect(texts({ ...gpu, shaderF16: false })).toEqual([]);
  });

  test.each<[string, Device, number, RegExp]>([
    ['small buffers', { ...gpu, maxBufferBytes: 50e6 }, 0, /buffer of 68 MB on the GPU.*50 MB/],
    [
      'no WebGPU',
      { ...gpu, webgpu: false, shaderF16: false, maxBufferBytes: null },
      0,
      /On the processor it would take 4\.\d GB, and a page ends at 4\.3 GB; it needs WebGPU/,
    ],
    ['little memory', { ...gpu, memoryBytes: 4e9 }, 0, /memory.*4\.0 GB/],
    ['little storage', { ...gpu, freeStorageBytes: 3e8 }, 1.4e9, /300 MB of storage, and 1\.4 GB are missing/],
  ])('%s: one sentence', (_what, device, missing, sentence) => {
    const said = texts(device, missing);
    expect(said).toHaveLength(1);
    expect(said[0]).toMatch(sentence);
  });
});

test('a model with 16-bit files only cannot run without shader-f16, and one too large for a page cannot at all', () => {
  const half = files.filter(({ path }) => !/q4\.|gen_head\./.test(path));
  const device = { ...gpu, shaderF16: false };
  expect(objectionsTo(needsOf(chooseHubFiles(half, device), config, 576), device, 0)).toEqual([
    { fatal: true, text: expect.stringContaining('shader-f16') as string },
  ]);
  const large = files.map((file) => (file.path.includes('language_model') ? { ...file, bytes: 3.4e9 } : file));
  const cpu = { ...gpu, webgpu: false, shaderF16: false, maxBufferBytes: null, memoryBytes: null };
  const said = objectionsTo(needsOf(chooseHubFiles(large, cpu), config, 576), cpu, 0);
  expect(said.filter(({ fatal }) => fatal).map(({ text }) => text)).toEqual([
    expect.stringMatching(/language_model_q4.*3\.4 GB, more than a page can hold/),
    expect.stringMatching(/4\.3 GB; it needs WebGPU/),
  ]);
});

test('a smaller model may run on the processor, slowly', () => {
  const cpu = { ...gpu, webgpu: false, shaderF16: false, maxBufferBytes: null };
  const small = needsOf(chooseHubFiles(files, cpu), { ...config, layers: 6 }, 256);
  expect(objectionsTo(small, cpu, 0)).toEqual([
    { fatal: false, text: expect.stringContaining('Without WebGPU') as string },
  ]);
});
