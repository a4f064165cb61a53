import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { SamplingSettings, SideStep } from '@/lib/domain';
import type { Feeds } from '../../decode/ort/types';
import { FULL_PLAN, lanePlan } from '../../decode/lanes';
import { paddedLength } from '../../decode/padding';
import { kvMemory } from '../../fit/kv-memory';
import { createNodeDecoder, createNodeEngine } from '../../node';
import { drawn, float32, JANUS, janusFiles, pixels, watchedEngine } from '../../testing/janus';
import { collect, tokensOf } from '../../testing/tiny';

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
const STEPS = 64;
const slow = { timeout: 120_000 };

const withoutCross = ({ promptDivergenceBits: _divergence, crossScoreBits: _score, ...rest }: SideStep) => rest;

describe('a drawing', slow, () => {
  const engine = createNodeEngine();
  beforeAll(() => engine.load(JANUS), 120_000);
  afterAll(() => engine.dispose());
  const sideA = async (b: string, crossLanes: boolean) =>
    (await collect(engine.draw({ prompts: { a: PROMPTS.a, b }, settings: SETTINGS, crossLanes }))).map(({ sides }) =>
      withoutCross(sides.a),
    );

  test('starts from the official defaults, whatever generation_config.json says', () => {
    expect(engine.info).toMatchObject({
      modelName: 'janus-tiny',
      weightType: 'fp32',
      grid: { rows: 8, columns: 8 },
      codes: 256,
      executionProvider: 'wasm',
    });
    expect(engine.info?.modelHash).toMatch(/^[0-9a-f]{16}$/);
    expect(engine.info?.defaults).toEqual({ ...SETTINGS, seed: 0 });
  });

  test('of A is bit-equal whatever B says, and with or without cross lanes', async () => {
    const before = await sideA(PROMPTS.b, true);
    expect(before).toHaveLength(STEPS);
    expect(await sideA('two cats', true)).toEqual(before);
    expect(await sideA(PROMPTS.b, false)).toEqual(before);
  });

  test('of identical prompts is identical, and their cross quantities vanish', async () => {
    for (const { sides, divergenceBits } of await collect(
      engine.draw({ prompts: { a: PROMPTS.a, b: PROMPTS.a }, settings: SETTINGS }),
    )) {
      expect(sides.b).toEqual(sides.a);
      expect([sides.a.crossScoreBits, sides.a.promptDivergenceBits]).toEqual([0, 0]);
      expect(divergenceBits).toBeCloseTo(0, 5);
    }
  });

  test('can be replayed for its cross scores', async () => {
    const { prompts, tokens, stats } = drawn.cases[0]!;
    const scores = await engine.crossScores({
      prompts,
      tokens: { a: Int32Array.from(tokens.a), b: Int32Array.from(tokens.b) },
    });
    stats.forEach((row, step) => expect(Math.abs(scores.crossScoreBits.b[step]! - row[25 + 8]!)).toBeLessThan(2e-3));
  });

  test('stops within a step and frees the engine', async () => {
    const stop = new AbortController();
    const seen: number[] = [];
    const drawing = (async () => {
      for await (const { step } of engine.draw({ prompts: PROMPTS, settings: SETTINGS }, { signal: stop.signal })) {
        seen.push(step);
        if (step === 3) stop.abort();
      }
    })();
    await expect(drawing).rejects.toMatchObject({ code: 'aborted' });
    expect(seen).toEqual([0, 1, 2, 3]);
    expect(await collect(engine.draw({ prompts: PROMPTS, settings: SETTINGS }))).toHaveLength(STEPS);
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

describe('the cache', slow, () => {
  test('has at most one past and one present alive, the size that is told beforehand, and nothing after 20 drawings', async () => {
    const alive = new Set<Feeds[string]>();
    const living = () => [...alive].filter(({ location }) => location !== 'none');
    let most = 0;
    let largest = 0;
    const engine = watchedEngine((results) => {
      const fresh = Object.entries(results)
        .filter(([name]) => name.startsWith('present.'))
        .map(([, tensor]) => tensor);
      if (fresh.length === 0) return;
      for (const tensor of fresh) alive.add(tensor);
      most = Math.max(most, living().length);
      largest = Math.max(
        largest,
        fresh.reduce((sum, { size }) => sum + 4 * size, 0),
      );
    });
    await engine.load(JANUS);
    const layers = 2;
    await collect(engine.draw({ prompts: PROMPTS, settings: SETTINGS, crossLanes: false }));
    expect(most).toBe(2 * 2 * layers);
    expect(
      kvMemory({ layers, heads: 2, headSize: 16, bytesPerNumber: 4 }, lanePlan(SETTINGS, false), 20, STEPS).cache,
    ).toBe(largest);
    for (let i = 0; i < 20; i++)
      for await (const { step } of engine.draw({ prompts: PROMPTS, settings: SETTINGS })) if (step === 2) break;
    await engine.dispose();
    expect(most).toBe(2 * 2 * layers);
    expect(living()).toEqual([]);
  });

  test('of Janus-Pro-1B takes 465 MiB for four rows of 620 positions in 16 bits', () => {
    const shape = { layers: 24, heads: 16, headSize: 128, bytesPerNumber: 2 } as const;
    expect(paddedLength(20)).toBe(32);
    const positions = 32 + 576 - 1;
    expect(kvMemory(shape, lanePlan(SETTINGS, false), 20, 576)).toEqual({
      cache: 4 * 196_608 * positions,
      peak: 4 * 196_608 * (2 * positions - 1),
    });
    expect(kvMemory(shape, FULL_PLAN, 20, 576).cache).toBe(6 * 196_608 * positions);
    expect(Math.round((kvMemory(shape, lanePlan(SETTINGS, false), 20, 576).cache / positions / 2 ** 20) * 620)).toBe(
      465,
    );
  });
});

describe('rows at a time, as on a GPU', slow, () => {
  // The processor stands in for the GPU, which Node does not have; the sampler's graph is the GPU's.
  const engine = watchedEngine(() => undefined, { executionProvider: 'webgpu', chunk: 'row', inFlight: 2 });
  beforeAll(() => engine.load(JANUS), 120_000);
  afterAll(() => engine.dispose());

  test('give the same tokens', async () => {
    const { prompts, settings, tokens } = drawn.cases[0]!;
    const events = await collect(engine.draw({ prompts, settings }));
    expect(events.map(({ step }) => step)).toEqual(Array.from({ length: STEPS }, (_, step) => step));
    expect(tokensOf(events)).toEqual(tokens);
  });

  test('can be left at any step, and drawn again', async () => {
    for (const last of [0, 1, 2, 9, 17])
      for await (const { step } of engine.draw({ prompts: PROMPTS, settings: SETTINGS })) if (step === last) break;
    const { prompts, settings, tokens } = drawn.cases[0]!;
    expect(tokensOf(await collect(engine.draw({ prompts, settings })))).toEqual(tokens);
  });
});

describe('number types that differ between the graphs', slow, () => {
  test.each([
    ['fp16', ['onnx/language_model.onnx', 'onnx/language_model_q4.onnx', 'onnx/language_model_q4f16.onnx']],
    [
      'q4',
      ['onnx/language_model.onnx', 'onnx/language_model_fp16.onnx', 'onnx/gen_head.onnx', 'onnx/embed_tokens.onnx'],
    ],
    [
      'q4f16',
      [
        'onnx/language_model.onnx',
        'onnx/language_model_fp16.onnx',
        'onnx/language_model_q4.onnx',
        'onnx/gen_head_fp16.onnx',
      ],
    ],
  ])('%s: are joined', async (weightType, missing) => {
    const engine = createNodeEngine();
    const files = await janusFiles(Object.fromEntries(missing.map((path) => [path, null])));
    expect(await engine.load({ kind: 'files', name: 'mixed', files })).toMatchObject({ weightType });
    const events = await collect(engine.draw({ prompts: PROMPTS, settings: SETTINGS }));
    for (const { sides } of events) expect(sides.a.probability).toBeGreaterThan(0);
    await engine.dispose();
  });

  test('text embeddings come from prepare_inputs_embeds where embed_tokens is missing', async () => {
    const engine = createNodeEngine();
    await engine.load({
      kind: 'files',
      name: 'whole',
      files: await janusFiles({ 'onnx/embed_tokens.onnx': null, 'onnx/embed_tokens_fp16.onnx': null }),
    });
    const { prompts, settings, tokens } = drawn.cases[0]!;
    expect(tokensOf(await collect(engine.draw({ prompts, settings })))).toEqual(tokens);
    await engine.dispose();
  });
});

test("pictures are PyTorch's, and an unfinished one has the whole size", slow, async () => {
  const decoder = createNodeDecoder();
  await decoder.load(JANUS);
  const [whole, begun] = await decoder.decode([
    Int32Array.from(pixels.tokens),
    Int32Array.from(pixels.tokens.slice(0, 24)),
  ]);
  const expected = float32(pixels.image);
  const [, height, width] = pixels.shape;
  expect(whole).toMatchObject({ width, height });
  for (let i = 0; i < width * height; i++) {
    for (let channel = 0; channel < 3; channel++) {
      const value = Math.min(255, Math.max(0, (expected[channel * width * height + i]! + 1) * 127.5));
      expect(Math.abs(whole!.data[4 * i + channel]! - value)).toBeLessThanOrEqual(0.6);
    }
  }
  expect(begun).toMatchObject({ width, height });
  expect(begun!.data.slice(0, 4 * width)).not.toEqual(new Uint8ClampedArray(4 * width));
  await decoder.dispose();
});
