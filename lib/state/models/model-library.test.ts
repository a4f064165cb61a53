import { testModel } from '@/lib/models/testing';
import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { SamplingSettings } from '@/lib/domain';
import { type Depot, DownloadService, MemoryDepot, OpfsDepot } from '@/lib/downloads';
import { FakeOpfs, inProcess, noise, quickNet, startHub } from '@/lib/downloads/testing';
import { type CapabilityReport, type EngineInfo, provenanceOf } from '@/lib/engine';
import { graphOfSize, withWeightsAt } from '@/lib/onnx/testing';
import { createModelLibrary, keyOf, type ModelLibrary } from './model-library';

// What a page has over a channel; these parts are for tests and the worker, so not in the index.
const json = (value: unknown) => new TextEncoder().encode(JSON.stringify(value));
const graph = (bytes: number, seed: number) => graphOfSize(bytes, noise(bytes, seed));
const files = {
  'config.json': json({
    model_type: 'multi_modality',
    language_config: { hidden_size: 64, num_hidden_layers: 2, num_attention_heads: 4 },
    gen_vision_config: { params: { image_token_size: 128 } },
  }),
  'tokenizer.json': noise(1600, 1),
  'README.md': noise(600, 2),
  'onnx/language_model.onnx': graph(5000, 3),
  'onnx/language_model_q4f16.onnx': graph(3000, 4),
  'onnx/gen_head.onnx': graph(2000, 5),
  'onnx/gen_img_embeds.onnx': graph(2100, 6),
  'onnx/image_decode.onnx': graph(2200, 7),
  'onnx/embed_tokens.onnx': graph(2300, 8),
};
const wanted = [
  'config.json',
  'tokenizer.json',
  'onnx/language_model.onnx',
  'onnx/gen_head.onnx',
  'onnx/gen_img_embeds.onnx',
  'onnx/image_decode.onnx',
  'onnx/embed_tokens.onnx',
];

const cpu: CapabilityReport = {
  webgpu: false,
  adapter: null,
  shaderF16: false,
  maxBufferBytes: null,
  storage: true,
  isolated: false,
  problems: [],
};
let hub: Awaited<ReturnType<typeof startHub>>;
let system: FakeOpfs;
let ends: (() => void)[];

beforeEach(async () => {
  const kept = new Map<string, string>();
  vi.stubGlobal('localStorage', {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
  });
  hub = await startHub(files);
  system = new FakeOpfs();
  ends = [];
});
afterEach(async () => {
  for (const end of ends) end();
  await hub.server.stop();
});

/** A page: everything anew but the storage. */
const visit = async (depot?: Depot, report = cpu): Promise<ModelLibrary> => {
  const service = new DownloadService(depot ?? (await OpfsDepot.open(system.root)), hub.locks, quickNet());
  const { downloads, end } = inProcess(service);
  ends.push(end);
  return createModelLibrary({
    downloads: () => downloads,
    probe: () => Promise.resolve(report),
    provider: () => 'auto',
    resources: () => Promise.resolve({ memoryBytes: 8e9, freeStorageBytes: 1e9 }),
    persist: () => Promise.resolve(true),
  });
};

const info = (name: string, hash: string) => ({ modelName: name, modelHash: hash }) as EngineInfo;

describe('a model of a hub', () => {
  test('is told before it is downloaded: files, sizes, needs', async () => {
    const library = await visit();
    await library.lookUp({ ...hub.origin, revision: 'main' });
    const { proposal, problem } = library.store.getState();
    expect(problem).toBeNull();
    expect(proposal?.files.map(({ path }) => path).sort()).toEqual([...wanted].sort());
    expect(proposal?.missingBytes).toBe(
      wanted.reduce((sum, path) => sum + files[path as keyof typeof files].length, 0),
    );
    expect(proposal?.origin).toEqual(hub.origin);
    expect(proposal?.objections).toEqual([]);
    expect(proposal?.licence).toBe('deepseek');
    // Graphs that are short enough to be without their weights are asked where these are.
    expect(hub.server.asked.map(({ path }) => path)).toEqual([
      'config.json',
      ...wanted.filter((path) => path.endsWith('.onnx')),
    ]);
  });

  test('is downloaded, drawn with, found by the name that the engine gives it, and there on the next visit', async () => {
    const library = await visit();
    await library.lookUp(hub.origin);
    expect(await library.take()).toBe(true);
    const key = keyOf(hub.origin);
    expect(library.store.getState()).toMatchObject({
      chosen: { key, lasting: true },
      download: null,
      proposal: { missingBytes: 0 },
    });
    library.loaded(key, info('tiny-janus', 'abc'));
    const location = library.locate('tiny-janus@abc');
    expect(location?.kind === 'files' && Object.keys(location.files).sort()).toEqual([...wanted].sort());
    expect(library.locate('embedded@0123456789abcdef')).toBeNull();

    const later = await visit();
    expect(await later.chosenKey()).toBe(key);
    expect(later.locate(key)).not.toBeNull();
    later.takeBundled('pair-grpo');
    const last = await visit();
    expect(await last.chosenKey()).toBeNull();
    expect(last.store.getState()).toMatchObject({ chosen: null, bundled: 'pair-grpo' });
  });

  test('offers what answers questions about pictures, and takes it along only if asked to', async () => {
    const further = { 'onnx/prepare_inputs_embeds_q4.onnx': graph(2400, 9), 'onnx/lm_head.onnx': graph(2500, 10) };
    await hub.server.stop();
    hub = await startHub({ ...files, ...further });
    const library = await visit();
    await library.lookUp(hub.origin);
    const proposal = () => library.store.getState().proposal;
    const before = proposal()?.missingBytes ?? NaN;
    expect(proposal()?.understanding?.included).toBe(false);
    expect(
      proposal()
        ?.understanding?.files.map(({ path }) => path)
        .sort(),
    ).toEqual(Object.keys(further).sort());
    library.includeUnderstanding(true);
    expect(proposal()?.missingBytes).toBe(before + 4900);
    library.includeUnderstanding(false);
    expect(proposal()).toMatchObject({ missingBytes: before, understanding: { included: false } });
    expect(proposal()?.files).toHaveLength(wanted.length);
    library.includeUnderstanding(true);
    expect(await library.take()).toBe(true);
    const location = library.locate(keyOf(hub.origin));
    expect(location?.kind === 'files' && Object.keys(location.files).sort()).toEqual(
      [...wanted, ...Object.keys(further)].sort(),
    );
    expect(await (await visit()).chosenKey()).toBe(keyOf(hub.origin));
  });

  test('is downloaded with the weights that its graphs keep in other places of the folder', async () => {
    const { graph: head, data } = withWeightsAt(
      readFileSync(testModel('janus-tiny', 'onnx/gen_head.onnx')),
      '../w/head.bin',
    );
    await hub.server.stop();
    hub = await startHub({ ...files, 'onnx/gen_head.onnx': head, 'w/head.bin': data, 'w/other.bin': noise(900, 12) });
    const library = await visit();
    await library.lookUp(hub.origin);
    const { proposal } = library.store.getState();
    expect(proposal?.files.map(({ path }) => path).sort()).toEqual([...wanted, 'w/head.bin'].sort());
    expect(proposal?.needs?.fileBytes).toBe(proposal?.missingBytes);
    expect(await library.take()).toBe(true);
    const location = library.locate(keyOf(hub.origin));
    expect(location?.kind === 'files' && (location.files['w/head.bin']?.blob.size ?? 0)).toBe(data.length);
  });

  test('whose files are gone is not chosen on the next visit', async () => {
    const library = await visit();
    await library.lookUp(hub.origin);
    await library.take();
    system.files.clear();
    expect(await (await visit()).chosenKey()).toBeNull();
  });

  test('kept in memory only is drawn with, and said to be', async () => {
    const library = await visit(new MemoryDepot());
    await library.lookUp(hub.origin);
    await library.take();
    expect(library.store.getState().chosen?.lasting).toBe(false);
    expect(await (await visit()).chosenKey()).toBeNull();
  });

  test('can be stopped on its way, and goes on from there', async () => {
    const library = await visit();
    await library.lookUp(hub.origin);
    const looks = hub.server.asked.length;
    hub.server.fault = ({ path }) => (path === 'onnx/language_model.onnx' ? { kind: 'stall', afterBytes: 4000 } : null);
    const taking = library.take();
    await vi.waitFor(() => {
      expect(
        library.store.getState().download?.progress?.files.find(({ path }) => path.includes('language'))?.receivedBytes,
      ).toBe(4000);
    });
    library.cancel();
    expect(library.store.getState().download).toBeNull();
    expect(await taking).toBe(false);
    expect(library.store.getState()).toMatchObject({ problem: null, chosen: null });
    hub.server.fault = () => null;
    expect(await library.take()).toBe(true);
    const asked = hub.server.asked.slice(looks).filter(({ path }) => path.includes('language'));
    expect(asked.map(({ range }) => range)).toEqual([null, 'bytes=4000-']);
  });

  test('is deleted with its files, and the embedded model draws again', async () => {
    const library = await visit();
    await library.lookUp(hub.origin);
    await library.take();
    expect(library.store.getState().overview?.models).toHaveLength(1);
    await library.forget(hub.origin);
    expect(library.store.getState()).toMatchObject({ chosen: null, overview: { models: [], strayBytes: 0 } });
    expect(system.usedBytes).toBe(0);
  });

  test('can do without its table of text embeddings: rows are fetched when they are asked for, now and on the next visit', async () => {
    const table = readFileSync(testModel('janus-tiny', 'onnx/embed_tokens.onnx'));
    await hub.server.stop();
    hub = await startHub({ ...files, 'onnx/embed_tokens.onnx': table });
    const library = await visit();
    await library.lookUp(hub.origin);
    expect(library.store.getState().proposal?.textTable).toEqual({
      path: 'onnx/embed_tokens.onnx',
      files: ['onnx/embed_tokens.onnx'],
      missingBytes: table.length,
    });
    const looks = hub.server.asked.length;
    expect(await library.take({ textByRows: true })).toBe(true);
    const asked = hub.server.asked.slice(looks).filter(({ path }) => path === 'onnx/embed_tokens.onnx');
    expect(asked.every(({ range }) => range !== null)).toBe(true);
    for (const later of [library, await visit()]) {
      const key = await later.chosenKey();
      const location = later.locate(key ?? '');
      if (location?.kind !== 'files' || !location.text) throw new Error('It should fetch rows.');
      expect(Object.keys(location.files)).not.toContain('onnx/embed_tokens.onnx');
      const { offset, columns } = location.text.table;
      const rows = await later.fetchRows(location.text.table, [7, 3], undefined);
      const row = (id: number) => table.subarray(offset + id * columns * 4, offset + (id + 1) * columns * 4);
      expect(Buffer.compare(Buffer.from(rows), Buffer.concat([row(7), row(3)]))).toBe(0);
    }
    // What is drawn says so, in links as well.
    const { weightType } = provenanceOf(
      { ...info('tiny', '0'.repeat(16)), grid: { rows: 1, columns: 1 }, weightType: 'q4', textByRows: true },
      {} as SamplingSettings,
      true,
    );
    expect(weightType).toBe('q4, text rows unverified');
    // The whole table takes the rows' place when it is downloaded.
    await library.lookUp(hub.origin);
    await library.take();
    expect(await (await visit()).chosenKey()).toBe(keyOf(hub.origin));
    expect(library.store.getState().overview?.models[0]?.text).toBeUndefined();
  });

  test('is not taken where rows of its table cannot be fetched, and that is said', async () => {
    const library = await visit();
    await library.lookUp(hub.origin);
    expect(await library.take({ textByRows: true })).toBe(false);
    expect(library.store.getState()).toMatchObject({
      chosen: null,
      problem: expect.stringMatching(/embed_tokens\.onnx cannot be read/) as string,
    });
  });

  test('whose download fails: its file, and the button that goes on', async () => {
    const library = await visit();
    await library.lookUp(hub.origin);
    await hub.server.stop();
    expect(await library.take()).toBe(false);
    expect(library.store.getState().problem).toMatch(
      /^The model file \S+ could not be fetched: .*press Download again/,
    );
    await library.lookUp(hub.origin);
    expect(library.store.getState().problem).toMatch(/list of "someone\/tiny-janus" could not be .*press Look again/);
  });

  test('that is not whole any more: the file that is missing', async () => {
    const library = await visit();
    await library.lookUp(hub.origin);
    await library.take();
    const [model] = library.store.getState().overview?.models ?? [];
    const file = model!.files.find(({ path }) => path === 'onnx/gen_head.onnx')!;
    system.files.delete(file.digest.replace(':', '-'));
    const later = await visit();
    expect(await later.takeStored(model!)).toBe(false);
    expect(later.store.getState().problem).toMatch(
      /^The model file onnx\/gen_head\.onnx is missing\. Look the model up/,
    );
  });

  test('damaged in storage is found by a check, by the file’s name', async () => {
    const library = await visit();
    await library.lookUp(hub.origin);
    await library.take();
    const [model] = library.store.getState().overview?.models ?? [];
    const file = model!.files.find(({ path }) => path === 'onnx/gen_head.onnx')!;
    system.files.get(file.digest.replace(':', '-'))!.data[3]! ^= 1;
    expect(await library.check(model!)).toEqual(['onnx/gen_head.onnx']);
    expect(library.store.getState().overview?.models[0]?.states.filter(({ state }) => state !== 'whole')).toHaveLength(
      1,
    );
  });

  test('of other programs is told from its list alone', async () => {
    await hub.server.stop();
    const { 'config.json': config, 'tokenizer.json': tokenizer } = files;
    hub = await startHub({ 'config.json': config, 'tokenizer.json': tokenizer, 'pytorch_model.bin': noise(5000, 3) });
    const library = await visit();
    await library.lookUp(hub.origin);
    expect(library.store.getState()).toMatchObject({
      proposal: null,
      problem: expect.stringMatching(
        /\(pytorch_model\.bin\) and no ONNX files.* Choose the model's ONNX export/,
      ) as string,
    });
    expect(hub.server.asked.map(({ path }) => path)).toEqual(['config.json']);
  });

  test.each<[string, () => void, RegExp]>([
    [
      'that does not exist',
      () => {
        hub.origin = { ...hub.origin, id: 'no/body' };
      },
      /The hub has no public model "no\/body"\. Check the spelling/,
    ],
    [
      'that answers with errors',
      () => {
        hub.server.listFault = () => ({ kind: 'status', status: 500 });
      },
      /the server answered 500/,
    ],
    [
      'that is too busy',
      () => {
        hub.server.listFault = () => ({ kind: 'status', status: 429 });
      },
      /too many requests\. Wait/,
    ],
  ])('%s: one sentence and a way on', async (_what, spoil, sentence) => {
    const library = await visit();
    spoil();
    await library.lookUp(hub.origin);
    expect(library.store.getState().problem).toMatch(sentence);
  });
});

describe('a folder on this computer', () => {
  const blobs = (change: Readonly<Record<string, Uint8Array<ArrayBuffer> | null>> = {}) =>
    Object.fromEntries(
      Object.entries({ ...files, ...change }).flatMap(([path, data]) => (data ? [[path, new Blob([data])]] : [])),
    );

  const pointer = new TextEncoder().encode(
    `version https://git-lfs.github.com/spec/v1\noid sha256:${'0'.repeat(64)}\nsize 698231365\n`,
  );
  const headWith = (location: string) =>
    withWeightsAt(readFileSync(testModel('janus-tiny', 'onnx/gen_head.onnx')), location).graph;
  const withoutGraphs = Object.fromEntries(
    Object.keys(files)
      .filter((path) => path.endsWith('.onnx'))
      .map((path) => [path, null]),
  );

  test('is looked at without a network, and drawn with as long as the page is open', async () => {
    const library = await visit();
    await library.lookAt('my-janus', blobs());
    expect(library.store.getState().proposal).toMatchObject({ origin: null, title: 'my-janus', missingBytes: 0 });
    expect(await library.take()).toBe(true);
    expect(library.store.getState().chosen).toMatchObject({ title: 'my-janus', lasting: false });
    expect(hub.server.asked).toEqual([]);
    expect(await (await visit()).chosenKey()).toBeNull();
  });

  test.each<[string, Readonly<Record<string, Uint8Array<ArrayBuffer> | null>>, RegExp]>([
    ['without a part', { 'onnx/gen_head.onnx': null }, /onnx\/gen_head\.onnx is missing/],
    ['of another model', { 'config.json': json({ model_type: 'llama' }) }, /config\.json.*llama/],
    ['without a configuration', { 'config.json': null }, /config\.json is missing/],
    [
      'with a pointer of git-lfs in place of a graph',
      { 'onnx/gen_head.onnx': pointer },
      /^The model file onnx\/gen_head\.onnx is only a pointer of git-lfs.*git lfs pull/,
    ],
    ['with a pointer in place of its configuration', { 'config.json': pointer }, /config\.json is only a pointer/],
    ['with a pointer in place of its tokenizer', { 'tokenizer.json': pointer }, /tokenizer\.json is only a pointer/],
    [
      'with weights that its graph keeps outside it',
      { 'onnx/gen_head.onnx': headWith('../../head.bin') },
      /gen_head\.onnx keeps weights outside the model's folder, at "\.\.\/\.\.\/head\.bin"/,
    ],
    ['without the weights of a graph', { 'onnx/gen_head.onnx': headWith('head.bin') }, /onnx\/head\.bin is missing/],
    ['with an empty file', { 'onnx/image_decode.onnx': new Uint8Array(0) }, /image_decode\.onnx arrived incomplete/],
    [
      'with weights for PyTorch alone',
      { ...withoutGraphs, 'model-00001-of-00002.safetensors': noise(3000, 9) },
      /holds weights for other programs \(model-00001-of-00002\.safetensors\) and no ONNX files/,
    ],
    [
      'with a manifest whose files are not there',
      { 'manifest.json': new Uint8Array(readFileSync(testModel('janus-fused-fp32', 'manifest.json'))) },
      /is missing/,
    ],
  ])('%s: one sentence that names the file', async (_what, change, sentence) => {
    const library = await visit();
    await library.lookAt('my-janus', blobs(change));
    expect(library.store.getState().problem).toMatch(sentence);
    expect(library.store.getState().proposal).toBeNull();
  });
});

test('what this device lacks is said before the download', async () => {
  const library = await visit(undefined, { ...cpu, webgpu: true, maxBufferBytes: 1000, adapter: 'a small one' });
  await library.lookUp(hub.origin);
  expect(library.store.getState().proposal?.objections).toEqual([
    { fatal: true, text: expect.stringContaining('this adapter offers') as string },
  ]);
});
