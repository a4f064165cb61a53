import { testModel } from '@/lib/models/testing';
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { SamplingSettings, SideStep } from '@/lib/domain';
import { type JanusManifest, parseDrawingManifest } from '@/lib/models';
import { janusMemory } from '../fit/janus-memory';
import { createNodeDecoder, createNodeEngine } from '../node';
import { float32, FUSED_JANUS, fusedDrawn, fusedFiles, pixels } from '../testing/janus';
import { collect, tokensOf } from '../testing/tiny';
import { fromHalf } from './text-rows';

const SETTINGS: SamplingSettings = {
  seed: 7,
  coupling: 'coupled',
  guidanceWeight: 5,
  temperature: 1,
  topK: 0,
  topP: 1,
  plausibility: 0,
  greedy: false,
};
const PROMPTS = { a: 'a red balloon', b: 'a blue balloon' };
const slow = { timeout: 120_000 };

const withoutCross = ({ promptDivergenceBits: _divergence, crossScoreBits: _score, ...rest }: SideStep) => rest;
const manifestText = readFileSync(testModel('janus-fused-fp32', 'manifest.json'), 'utf8');
const manifest = parseDrawingManifest(new TextEncoder().encode(manifestText)) as JanusManifest;

test.each(fusedDrawn.cases.map((each) => [each.weightType, each] as const))(
  "%s: draws what the exporter's runtime draws",
  slow,
  async (weightType, { prompts, tokens }) => {
    const engine = createNodeEngine();
    expect(await engine.load(await fusedFiles(weightType))).toMatchObject({
      modelName: 'janus-tiny',
      weightType,
      defaults: { ...SETTINGS, seed: 0 },
    });
    expect(tokensOf(await collect(engine.draw({ prompts, settings: SETTINGS })))).toEqual(tokens);
    await engine.dispose();
  },
);

describe('a fused Janus', slow, () => {
  const engine = createNodeEngine();
  beforeAll(() => engine.load(FUSED_JANUS));
  afterAll(() => engine.dispose());
  const sideA = async (b: string, crossLanes: boolean) =>
    (await collect(engine.draw({ prompts: { a: PROMPTS.a, b }, settings: SETTINGS, crossLanes }))).map(({ sides }) =>
      withoutCross(sides.a),
    );

  test('draws A bit-equal whatever B says, and with or without cross lanes', async () => {
    const before = await sideA(PROMPTS.b, true);
    expect(before).toHaveLength(64);
    expect(await sideA('two cats on a mat', true)).toEqual(before);
    expect(await sideA(PROMPTS.b, false)).toEqual(before);
  });

  test('refuses empty prompts and ones longer than the context, each with its sentence', async () => {
    const refused = (a: string) =>
      expect(collect(engine.draw({ prompts: { a, b: 'cat' }, settings: SETTINGS }))).rejects;
    await refused(' \n').toMatchObject({ code: 'empty-prompt', data: { side: 'A' } });
    await refused('long '.repeat(2000)).toMatchObject({
      code: 'prompt-too-long',
      message: expect.stringMatching(/^Prompt A is too long: .* room for 960\.$/) as string,
    });
  });
});

describe('a bad fused folder is refused in one sentence that names the file', slow, () => {
  const cases: [string, Parameters<typeof fusedFiles>[1], string, string][] = [
    ['a missing shard', { 'weights.bin_2': null }, 'model-missing', 'weights.bin_2'],
    ['a truncated shard', { 'weights.bin_1': new Uint8Array(10) }, 'model-truncated', 'weights.bin_1'],
    ['a foreign tokenizer', { 'tokenizer.json': '{}' }, 'model-truncated', 'tokenizer.json'],
    [
      'a manifest without its weights',
      { 'manifest.json': manifestText.replace('"weights": {', '"wights": {') },
      'model-damaged',
      'manifest.json',
    ],
    [
      'other special tokens',
      { 'manifest.json': manifestText.replace('"pad": 386', '"pad": 385') },
      'model-mismatch',
      'tokenizer.json',
    ],
  ];
  test.each(cases)('%s', async (_name, changes, code, file) => {
    const engine = createNodeEngine();
    const error: unknown = await engine.load(await fusedFiles('fp32', changes)).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code });
    expect((error as Error).message).toContain(file);
    await engine.dispose();
  });
});

test("its pictures are PyTorch's", slow, async () => {
  const decoder = createNodeDecoder();
  await decoder.load(FUSED_JANUS);
  const [picture] = await decoder.decode([Int32Array.from(pixels.tokens)]);
  const expected = float32(pixels.image);
  const [, height, width] = pixels.shape;
  for (let i = 0; i < width * height; i++) {
    for (let channel = 0; channel < 3; channel++) {
      const value = Math.min(255, Math.max(0, (expected[channel * width * height + i]! + 1) * 127.5));
      expect(Math.abs(picture!.data[4 * i + channel]! - value)).toBeLessThanOrEqual(0.6);
    }
  }
  await decoder.dispose();
});

describe('its memory is told beforehand', () => {
  const positions = 64 + 64;
  test('on the GPU: keys and values once, in place', () => {
    // Six lanes, two layers, keys and values, two heads of 16 numbers.
    expect(janusMemory(manifest, true).keysAndValues).toBe(6 * 2 * 2 * 2 * 16 * 4 * positions);
  });
  test('on the processor: old and new cache at once', () => {
    expect(janusMemory(manifest, false).keysAndValues).toBe(6 * 2 * 2 * 2 * 16 * 4 * (2 * (positions - 1) - 1));
  });
  test('of Janus-Pro-1B with 16-bit keys and values: less than twice a gigabyte for six lanes', () => {
    const large: JanusManifest = {
      ...manifest,
      layers: 24,
      heads: 16,
      headSize: 128,
      width: 2048,
      codes: 16384,
      grid: { rows: 24, columns: 24 },
      cacheType: 'float16',
      weightType: 'q4f16',
      parameters: 1_304_428_544,
    };
    expect(janusMemory(large, true)).toMatchObject({
      keysAndValues: 6 * 24 * 2 * 16 * 128 * 2 * (64 + 576),
      largestBuffer: 2048 * 16384,
    });
  });
});

test('16-bit numbers are read as what they are', () => {
  expect([0x3c00, 0xc000, 0x0001, 0x7bff, 0x8000, 0x3555].map(fromHalf)).toEqual([
    1,
    -2,
    2 ** -24,
    65504,
    -0,
    0.333251953125,
  ]);
  expect([fromHalf(0x7c00), fromHalf(0xfc00), fromHalf(0x7e00)]).toEqual([Infinity, -Infinity, NaN]);
});
