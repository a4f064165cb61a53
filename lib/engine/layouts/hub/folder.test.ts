/** Folders in the hub's layout: which files are chosen, what is read from them, and what is said of bad ones. */
import { describe, expect, test } from 'vitest';
import type { EngineError } from '@/lib/domain';
import { chooseHubFiles, type FolderFile, HubTokenizer, openHubFolder, parseHubConfig } from '@/lib/models';
import { castGraph, GraphWriter, readGraphOutline } from '@/lib/onnx';
import { withWeightsAt } from '@/lib/onnx/testing';
import { createNodeDecoder, createNodeEngine } from '../../node';
import type { HubRuntime } from '../../runtime/parts-runtime';
import { JANUS, janusFiles, janusSource, tokenization, watchedEngine } from '../../testing/janus';

const read = async (path: string) => (await (await openHubFolder(await janusSource()))!.read(path)).data;
const bytes = (text: string) => new TextEncoder().encode(text);

/** A graph with other letters in the place of some. */
const respelled = (graph: Uint8Array, from: string, to: string) =>
  Uint8Array.from(Buffer.from(Buffer.from(graph).toString('latin1').replaceAll(from, to), 'latin1'));

/** Janus-Pro-1B's public files, with their sizes as far as those are known. */
const files: FolderFile[] = [
  ...['config.json', 'generation_config.json', 'processor_config.json', 'tokenizer.json', 'README.md'].map((path) => ({
    path,
    bytes: 1000,
  })),
  ...['', '_fp16', '_q4', '_q4f16', '_quantized'].map((suffix) => ({
    path: `onnx/language_model${suffix}.onnx`,
    bytes: suffix === '_q4f16' ? 698_231_365 : 779_633_963,
  })),
  { path: 'onnx/language_model.onnx_data', bytes: 2 ** 31 },
  { path: 'onnx/gen_head.onnx', bytes: 151_070_926 },
  { path: 'onnx/gen_head_fp16.onnx', bytes: 75_536_078 },
  { path: 'onnx/gen_head_q4f16.onnx', bytes: 20_000_000 },
  { path: 'onnx/gen_img_embeds.onnx', bytes: 17_385_630 },
  { path: 'onnx/image_decode.onnx', bytes: 170_460_651 },
  { path: 'onnx/embed_tokens.onnx', bytes: 838_000_000 },
  { path: 'onnx/embed_tokens_fp16.onnx', bytes: 419_000_000 },
];
const GPU = { webgpu: true, shaderF16: true };

describe('the choice of files', () => {
  const dtypes = (device: { webgpu: boolean; shaderF16: boolean }, of = files) =>
    Object.fromEntries(Object.entries(chooseHubFiles(of, device).graphs).map(([role, { dtype }]) => [role, dtype]));

  test('suits the device', () => {
    expect(dtypes(GPU)).toEqual({
      language_model: 'q4f16',
      gen_head: 'fp16',
      gen_img_embeds: 'fp32',
      image_decode: 'fp32',
      text: 'fp16',
    });
    expect(dtypes({ webgpu: true, shaderF16: false })).toMatchObject({ language_model: 'q4', gen_head: 'fp32' });
    // 2 GB of float32 weights would leave the CPU's heap no room.
    expect(dtypes({ webgpu: false, shaderF16: false })).toMatchObject({ language_model: 'q4', gen_head: 'fp32' });
    const small = files.map((file) => (file.path.endsWith('_data') ? { ...file, bytes: 1000 } : file));
    expect(dtypes({ webgpu: false, shaderF16: false }, small)).toMatchObject({ language_model: 'fp32', text: 'fp32' });
  });

  test('counts every file once, external data with its graph, and says what only 16-bit shaders can run', () => {
    const choice = chooseHubFiles(
      files.filter(({ path }) => !/model_|README/.test(path)),
      GPU,
    );
    expect(choice.graphs.language_model).toMatchObject({ dtype: 'fp32', data: ['onnx/language_model.onnx_data'] });
    expect(choice.files.map(({ path }) => path)).toContain('onnx/language_model.onnx_data');
    expect(choice.bytes).toBe(choice.files.reduce((sum, file) => sum + file.bytes, 0));
    expect(choice.needsShaderF16).toBe(false);
    expect(chooseHubFiles(files, GPU).needsShaderF16).toBe(true);
    expect(
      chooseHubFiles(
        files.filter(({ path }) => !/language_model(_q4|_quantized|)\.onnx/.test(path)),
        { webgpu: true, shaderF16: false },
      ).needsShaderF16,
    ).toBe(true);
  });

  test.each([
    'config.json',
    'tokenizer.json',
    'onnx/gen_head.onnx',
    'onnx/image_decode.onnx',
    'onnx/embed_tokens.onnx',
  ])('names what is missing: %s', (path) => {
    const stem = path.replace(/\.onnx$/, '');
    expect(() =>
      chooseHubFiles(
        files.filter((file) => !file.path.startsWith(stem)),
        GPU,
      ),
    ).toThrow(expect.objectContaining({ code: 'model-missing', data: { file: path } }));
  });
});

test('a graph tells its inputs and outputs without being run', async () => {
  const { inputs, outputs, external } = readGraphOutline(
    await read('onnx/language_model_q4f16.onnx'),
    'language_model_q4f16.onnx',
  );
  expect(inputs.find(({ name }) => name === 'inputs_embeds')).toEqual({
    name: 'inputs_embeds',
    type: 'float32',
    dims: ['batch_size', 'sequence_length', 32],
  });
  expect(inputs.find(({ name }) => name === 'past_key_values.1.value')).toMatchObject({
    type: 'float16',
    dims: ['batch_size', 2, 'past_sequence_length', 16],
  });
  expect(outputs.find(({ name }) => name === 'hidden_states')).toMatchObject({ type: 'float16' });
  expect(external).toEqual({});
});

test("config.json is read in the original and in Hugging Face's layout", async () => {
  expect(parseHubConfig(await read('config.json'))).toEqual({
    layers: 2,
    heads: 2,
    headSize: 16,
    hiddenSize: 32,
    positions: 1024,
    codes: 256,
  });
  // As Janus-Pro-7B's: what equals Llama's defaults is left out.
  const original = {
    model_type: 'multi_modality',
    language_config: { num_hidden_layers: 30 },
    gen_vision_config: { params: { image_token_size: 16384 } },
  };
  expect(parseHubConfig(bytes(JSON.stringify(original)))).toMatchObject({
    layers: 30,
    heads: 32,
    headSize: 128,
    hiddenSize: 4096,
  });
  const converted = {
    model_type: 'janus',
    text_config: { hidden_size: 64, num_hidden_layers: 1, num_attention_heads: 4, max_position_embeddings: 100 },
    vq_config: { num_embeddings: 8 },
  };
  expect(parseHubConfig(bytes(JSON.stringify(converted)))).toEqual({
    layers: 1,
    heads: 4,
    headSize: 16,
    hiddenSize: 64,
    positions: 100,
    codes: 8,
  });
});

describe('the tokenizer', () => {
  test("gives the reference tokenizer's ids on thousands of texts", async () => {
    const tokenizer = new HubTokenizer(await read('tokenizer.json'));
    expect(tokenization.texts.length).toBeGreaterThan(2000);
    const bos = tokenization.texts[0]![1][0];
    const different = tokenization.texts.filter(
      ([text, ids]) => [bos, ...tokenizer.encode(text)].join() !== ids.join(),
    );
    expect(different.map(([text]) => text)).toEqual([]);
  });

  test('keeps beginnings of text and image in the unconditional prefix', async () => {
    const tokenizer = new HubTokenizer(await read('tokenizer.json'));
    const prefix = tokenizer.prefix(' a cat\n');
    expect(prefix).toEqual(tokenizer.prefix('a cat'));
    const none = tokenizer.unconditional(prefix);
    expect([none[0], none.at(-1)]).toEqual([prefix[0], prefix.at(-1)]);
    expect(new Set(none.slice(1, -1))).toEqual(new Set([tokenizer.pad]));
  });
});

describe('the number of tokens of a picture', { timeout: 120_000 }, async () => {
  /** The pixel decoder with its number of tokens left open: Dimension.dim_value 64 in TensorShapeProto.dim, by a name. */
  const open = respelled(await read('onnx/image_decode.onnx'), '\n\x02\x08\x40', '\n\x02\x12\x00');
  const config = new TextDecoder().decode(await read('config.json'));
  const positions = (count: number) =>
    config.replace('"max_position_embeddings": 1024', `"max_position_embeddings": ${count}`);
  const says = (count: number) => JSON.stringify({ num_image_tokens: count });
  const load = async (changes: Parameters<typeof janusFiles>[0]) => {
    const engine = createNodeEngine();
    try {
      const files = await janusFiles(changes);
      return (await engine.load({ kind: 'files', name: 'tiny', files })).grid;
    } catch (error) {
      return { code: (error as EngineError).code, message: (error as Error).message };
    } finally {
      await engine.dispose();
    }
  };

  test.each<[string, Parameters<typeof janusFiles>[0], number]>([
    ['the pixel decoder tells it, without processor_config.json', { 'processor_config.json': null }, 8],
    ['the pixel decoder is believed, not processor_config.json', { 'processor_config.json': says(576) }, 8],
    ['processor_config.json tells it where the decoder does not', { 'onnx/image_decode.onnx': open }, 8],
    [
      'the published one is taken where nothing tells it',
      { 'onnx/image_decode.onnx': open, 'processor_config.json': null },
      24,
    ],
  ])('%s', async (_name, changes, side) => {
    expect(await load(changes)).toEqual({ rows: side, columns: side });
    const decoder = createNodeDecoder();
    await decoder.load({ kind: 'files', name: 'tiny', files: await janusFiles(changes) });
    if (side === 8) expect(await decoder.decode([Int32Array.from({ length: 64 }, (_, i) => i)])).toHaveLength(1);
    const tooMany = decoder.decode([new Int32Array(side * side + 1)]);
    await expect(tooMany).rejects.toMatchObject({ code: 'bad-request' });
    await decoder.dispose();
  });

  test.each<[string, Parameters<typeof janusFiles>[0], object]>([
    [
      'leaves no room for a prompt',
      { 'config.json': positions(64) },
      {
        code: 'model-mismatch',
        message:
          "The model file onnx/image_decode.onnx does not fit the others: its pictures of 64 tokens leave no room for a prompt in the model's 64 positions.",
      },
    ],
    [
      'leaves room for less than the frame of a prompt',
      { 'config.json': positions(70) },
      { code: 'model-mismatch', message: expect.stringContaining('64 tokens leave no room') as string },
    ],
    [
      'is unknown where the published one cannot be it',
      { 'config.json': positions(512), 'processor_config.json': null, 'onnx/image_decode.onnx': open },
      { code: 'model-missing', message: 'The model file processor_config.json is missing.' },
    ],
    [
      'makes no square',
      { 'processor_config.json': says(63), 'onnx/image_decode.onnx': open },
      { code: 'model-damaged', message: expect.stringContaining('63 image tokens make no square') as string },
    ],
  ])('is refused where it %s', async (_name, changes, refusal) => {
    expect(await load(changes)).toEqual(refusal);
  });
});

describe('pictures larger than any', { timeout: 120_000 }, () => {
  /** A pixel decoder that gives pictures of one colour. */
  const decoding = (width: number, dims: readonly (number | string)[]) => {
    const g = new GraphWriter('image_decode');
    g.input('generated_tokens', 'int64', ['batch', 64]);
    g.output('image', g.op('ConstantOfShape', [g.i64([1, 3, 1, width])]), 'float32', dims);
    return Uint8Array.from(g.done());
  };
  const decode = async (graph: Uint8Array<ArrayBuffer>) => {
    const decoder = createNodeDecoder();
    try {
      const files = await janusFiles({ 'onnx/image_decode.onnx': graph });
      await decoder.load({ kind: 'files', name: 'tiny', files });
      const [picture] = await decoder.decode([new Int32Array(64)]);
      return [picture?.width, picture?.height];
    } catch (error) {
      return (error as Error).message;
    } finally {
      await decoder.dispose();
    }
  };

  test('are refused by their name, before they are decoded or before they are copied', async () => {
    expect(await decode(decoding(4096, ['b', 3, 'h', 'w']))).toEqual([4096, 1]);
    const sentence = (size: string) =>
      `The model file onnx/image_decode.onnx does not fit the others: its pictures of ${size} pixels are none that can be shown (1 to 4096 a side).`;
    expect(await decode(decoding(4097, ['b', 3, 'h', 'w']))).toBe(sentence('4097 × 1'));
    expect(await decode(decoding(1, ['b', 3, 1, 1_000_000]))).toBe(sentence('1000000 × 1'));
    expect(await decode(decoding(2 ** 40, ['b', 3, 'h', 'w']))).toMatch(/^There was not enough memory/);
  });
});

describe('weights of graphs', { timeout: 120_000 }, async () => {
  const names = ['language_model', 'gen_head', 'gen_img_embeds', 'embed_tokens', 'image_decode'];
  const graphs = await Promise.all(names.map(async (name) => [name, await read(`onnx/${name}.onnx`)] as const));
  const tokensOf = async (files: Parameters<typeof janusFiles>[0], joinsGraphs: boolean) => {
    const engine = watchedEngine(() => undefined, { joinsGraphs });
    await engine.load({ kind: 'files', name: 'tiny', files: await janusFiles(files) });
    const settings = { ...engine.info!.defaults, greedy: true };
    const tokens: number[] = [];
    for await (const { sides } of engine.draw({ prompts: { a: 'a cat', b: 'a dog' }, settings })) {
      tokens.push(sides.a.token, sides.b.token);
      if (tokens.length === 12) break;
    }
    await engine.dispose();
    return tokens;
  };

  test.each<[string, (name: string) => string, (name: string) => string]>([
    ['beside them, written with ./', (name) => `./${name}.bin`, (name) => `onnx/${name}.bin`],
    ['beside them, by way of the folder', (name) => `../onnx/${name}.bin`, (name) => `onnx/${name}.bin`],
    ['in a folder below', (name) => `sub/./x/../${name}.bin`, (name) => `onnx/sub/${name}.bin`],
    ['in a folder beside', (name) => `../weights/${name}.bin`, (name) => `weights/${name}.bin`],
  ])('lie %s', async (_name, location, path) => {
    const files = Object.fromEntries(
      graphs.flatMap(([name, model]) => {
        const { graph, data } = withWeightsAt(model, location(name));
        return [
          [`onnx/${name}.onnx`, graph],
          [path(name), data],
        ];
      }),
    );
    for (const joinsGraphs of [true, false])
      expect(await tokensOf(files, joinsGraphs)).toEqual(await tokensOf({}, joinsGraphs));
    const decoder = createNodeDecoder();
    const grid = Int32Array.from({ length: 64 }, (_, i) => i);
    await decoder.load({ kind: 'files', name: 'tiny', files: await janusFiles(files) });
    const pictures = await decoder.decode([grid]);
    await decoder.load(JANUS);
    expect(pictures).toEqual(await decoder.decode([grid]));
    await decoder.dispose();
  });
});

describe('bad folders are refused in one sentence that names the file', { timeout: 120_000 }, async () => {
  const language = await read('onnx/language_model.onnx');
  const head = await read('onnx/gen_head.onnx');
  const tokenizer = new TextDecoder().decode(await read('tokenizer.json'));
  const config = new TextDecoder().decode(await read('config.json'));
  const manifest = (path: string, sha256: string, size: number) =>
    JSON.stringify({ layout: 'hub', files: { [path]: { bytes: size, sha256 } } });
  const changed = head.slice();
  changed[changed.length >> 1]! ^= 1;
  /** A graph with one output and one weight of 64 bytes, which is in another file. ModelProto: graph = 7; GraphProto: initializer = 5, output = 12. */
  const external = (file: string) => {
    const field = (number: number, data: Uint8Array) => Uint8Array.of(number * 8 + 2, data.length, ...data);
    const join = (...parts: Uint8Array[]) => Uint8Array.from(parts.flatMap((part) => [...part]));
    const entry = (key: string, value: string) => field(13, join(field(1, bytes(key)), field(2, bytes(value))));
    const weight = join(field(8, bytes('weight')), entry('location', file), entry('length', '64'));
    return field(7, join(field(5, weight), field(12, field(1, bytes('logits')))));
  };

  const pointer = `version https://git-lfs.github.com/spec/v1\noid sha256:${'0'.repeat(64)}\nsize 698231365\n`;
  const withoutGraphs = Object.fromEntries(
    Object.keys(await janusFiles())
      .filter((path) => path.endsWith('.onnx'))
      .map((path) => [path, null]),
  );

  test.each<[string, Parameters<typeof janusFiles>[0], string, string]>([
    // OperatorSetIdProto: version = 2, in ModelProto.opset_import = 8.
    ['too new', { 'onnx/gen_head.onnx': Uint8Array.of(...head, 66, 2, 16, 99) }, 'model-too-new', 'opset 99'],
    ['a pointer of git-lfs', { 'onnx/image_decode.onnx': pointer }, 'model-pointer', 'onnx/image_decode.onnx'],
    ['a pointer as its tokenizer', { 'tokenizer.json': pointer }, 'model-pointer', 'tokenizer.json'],
    [
      'a pointer where its manifest says more',
      { 'onnx/gen_head.onnx': pointer, 'manifest.json': manifest('onnx/gen_head.onnx', 'a'.repeat(64), head.length) },
      'model-pointer',
      'onnx/gen_head.onnx',
    ],
    ['for PyTorch', { ...withoutGraphs, 'model.safetensors': 'weights' }, 'model-no-onnx', 'model.safetensors'],
    [
      'for PyTorch, without a configuration',
      { ...withoutGraphs, 'config.json': null, 'pytorch_model.bin': 'weights' },
      'model-no-onnx',
      'pytorch_model.bin',
    ],
    [
      'of unknown operators',
      { 'onnx/gen_head.onnx': respelled(head, 'MatMul', 'MatMix') },
      'model-refused',
      'onnx/gen_head.onnx: No Op registered for MatMix',
    ],
    [
      'of too few image codes',
      { 'config.json': config.replaceAll('"image_token_size": 256', '"image_token_size": 257') },
      'model-mismatch',
      'gen_head.onnx',
    ],
    [
      'special tokens beyond the embedding',
      { 'tokenizer.json': tokenizer.replace(/"id": ?384\b/, '"id": 5000') },
      'model-mismatch',
      'tokenizer.json does not fit the others: its token "<｜begin▁of▁sentence｜>" has number 5000, and the table of text embeddings has 392 rows',
    ],
    ['missing', { 'onnx/gen_img_embeds.onnx': null }, 'model-missing', 'gen_img_embeds.onnx'],
    ['missing configuration', { 'config.json': null }, 'model-missing', 'config.json'],
    ['truncated', { 'onnx/language_model.onnx': language.slice(0, 100_000) }, 'model-truncated', 'language_model.onnx'],
    [
      'truncated, by its manifest',
      {
        'onnx/gen_head.onnx': head.slice(0, -1),
        'manifest.json': manifest('onnx/gen_head.onnx', 'a'.repeat(64), head.length),
      },
      'model-truncated',
      'gen_head.onnx',
    ],
    [
      'altered',
      { 'onnx/gen_head.onnx': changed, 'manifest.json': manifest('onnx/gen_head.onnx', 'a'.repeat(64), head.length) },
      'model-altered',
      'gen_head.onnx',
    ],
    ['without its weights', { 'onnx/gen_head.onnx': external('head.onnx_data') }, 'model-missing', 'head.onnx_data'],
    [
      'with too few weights',
      { 'onnx/gen_head.onnx': external('head.onnx_data'), 'onnx/head.onnx_data': 'a few' },
      'model-truncated',
      'head.onnx_data',
    ],
    [
      'of a type that fits nothing',
      { 'onnx/gen_head.onnx': Uint8Array.from(castGraph('float32', 'int64')) },
      'model-mismatch',
      'gen_head.onnx',
    ],
    ['outside', { 'onnx/gen_head.onnx': external('../../head.bin') }, 'model-outside', 'at "../../head.bin"'],
    ['at an absolute place', { 'onnx/gen_head.onnx': external('/etc/passwd') }, 'model-outside', '"/etc/passwd"'],
    ['no graph', { 'onnx/gen_head.onnx': 'a page that says 404' }, 'model-damaged', 'gen_head.onnx'],
    ['foreign', { 'onnx/gen_head.onnx': language }, 'model-mismatch', 'gen_head.onnx'],
    [
      'foreign sizes',
      { 'config.json': config.replace('"hidden_size": 32', '"hidden_size": 64') },
      'model-mismatch',
      'language_model.onnx',
    ],
    ['another architecture', { 'config.json': '{"model_type":"llama"}' }, 'model-architecture', 'config.json'],
    ['no JSON', { 'config.json': '<html>' }, 'model-damaged', 'config.json'],
    [
      'no special tokens',
      { 'tokenizer.json': tokenizer.replaceAll('<begin_of_image>', '<begin>') },
      'model-vocabulary',
      'tokenizer.json',
    ],
  ])('%s', async (_name, changes, code, file) => {
    const engine = createNodeEngine();
    const error: unknown = await engine
      .load({ kind: 'files', name: 'bad', files: await janusFiles(changes) })
      .catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code });
    expect((error as Error).message).toMatch(/^[^\n]+\.$/);
    expect((error as Error).message).toContain(file);
    await engine.dispose();
  });
});

test(
  'a word whose token lies beyond the embedding is named before anything is drawn',
  { timeout: 120_000 },
  async () => {
    const tokenizer = JSON.parse(new TextDecoder().decode(await read('tokenizer.json'))) as { added_tokens: object[] };
    tokenizer.added_tokens.push({ ...tokenizer.added_tokens[0], id: 100_000, content: 'zorb' });
    for (const joinsGraphs of [true, false]) {
      const engine = watchedEngine(() => undefined, { joinsGraphs });
      const files = await janusFiles({ 'tokenizer.json': JSON.stringify(tokenizer) });
      const { defaults: settings } = await engine.load({ kind: 'files', name: 'tiny', files });
      const draw = (b: string) => engine.draw({ prompts: { a: 'a cat', b }, settings });
      await expect(draw('a zorb').next()).rejects.toMatchObject({
        code: 'model-mismatch',
        message:
          'The model file tokenizer.json does not fit the others: its token "zorb" has number 100000, and the table of text embeddings has 392 rows.',
      });
      const steps = draw('a dog');
      await expect(steps.next()).resolves.toMatchObject({ done: false });
      await steps.return();
      await engine.dispose();
    }
  },
);

describe('devices that will not do are told in one sentence that names the file', { timeout: 120_000 }, () => {
  const load = async (as: Partial<HubRuntime>, changes: Parameters<typeof janusFiles>[0] = {}): Promise<unknown> => {
    const engine = watchedEngine(() => undefined, as);
    const files = await janusFiles(changes);
    const error: unknown = await engine.load({ kind: 'files', name: 'tiny', files }).then(
      () => null,
      (thrown: unknown) => thrown,
    );
    await engine.dispose();
    return error;
  };
  const onlyHalf = Object.fromEntries(
    ['language_model', 'language_model_q4', 'gen_head'].map((graph) => [`onnx/${graph}.onnx`, null]),
  );

  test('16-bit files without 16-bit shaders, before any graph is read', async () => {
    const error = await load(
      { device: { webgpu: true, shaderF16: false } },
      { ...onlyHalf, 'onnx/language_model_q4f16.onnx': 'not even a graph' },
    );
    expect(error).toMatchObject({
      code: 'no-shader-f16',
      message:
        'The graphics adapter has no 16-bit arithmetic (shader-f16), which onnx/language_model_q4f16.onnx needs.',
    });
  });

  test('buffers too small for a weight, or for a layer of keys and values', async () => {
    const small = { maxBufferSize: 10_000, maxStorageBufferBindingSize: 2 ** 28 };
    expect(await load({ limits: small })).toMatchObject({
      code: 'limits-too-small',
      message: expect.stringMatching(
        /^The graphics adapter's limit maxBufferSize is too small for onnx\/language_model\.onnx, which takes a buffer of [\d,]+ bytes, and it offers 10,000 bytes\.$/,
      ) as string,
    });
    const engine = watchedEngine(() => undefined, {
      limits: { maxBufferSize: 2 ** 28, maxStorageBufferBindingSize: 40_000 },
    });
    await engine.load(await janusFiles().then((files) => ({ kind: 'files' as const, name: 'tiny', files })));
    const settings = engine.info!.defaults;
    const steps = (a: string) => engine.draw({ prompts: { a, b: 'cat' }, settings })[Symbol.asyncIterator]();
    await expect(steps('a long one '.repeat(5)).next()).rejects.toMatchObject({
      code: 'limits-too-small',
      message: expect.stringContaining('the keys and values of a layer') as string,
    });
    await engine.dispose();
  });

  test.each([180098464, new Error('bad_alloc'), new RangeError('Array buffer allocation failed')])(
    'memory that runs out while a graph is loaded: %s',
    async (thrown) => {
      expect(await load({ createSession: () => Promise.reject(thrown as Error) })).toMatchObject({
        code: 'out-of-memory',
        message: 'There was not enough memory for onnx/language_model.onnx (155,808 bytes).',
      });
    },
  );

  test('memory that runs out while it draws', async () => {
    const engine = watchedEngine(() => {
      // eslint-disable-next-line @typescript-eslint/only-throw-error -- what C++ exceptions look like from outside
      throw 180098464;
    });
    await engine.load({ kind: 'files', name: 'tiny', files: await janusFiles() });
    await expect(
      engine.draw({ prompts: { a: 'cat', b: 'dog' }, settings: engine.info!.defaults }).next(),
    ).rejects.toMatchObject({
      code: 'out-of-memory',
      message: 'There was not enough memory for onnx/language_model.onnx (155,808 bytes).',
    });
    await engine.dispose();
  });
});
