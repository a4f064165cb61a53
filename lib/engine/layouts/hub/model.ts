import { EngineError, ModelError, type Pair, type SamplingSettings, type Side, throwIfAborted } from '@/lib/domain';
import {
  assertNoPointers,
  assertRoom,
  chooseHubFiles,
  type HubChoice,
  type HubFolder,
  HubTokenizer,
  parseHubConfig,
  pictureGrid,
  sha256Hex,
} from '@/lib/models';
import type { DecodeRun } from '../../decode/backend';
import { FULL_PLAN, type LanePlan } from '../../decode/lanes';
import type { DecodePlan } from '../../decode/plan';
import { kvMemory, ORDINARY_PREFIX } from '../../fit/kv-memory';
import { assertProcessorHolds, needsOf } from '../../fit/needs';
import type { HubRuntime } from '../../runtime/parts-runtime';
import type { Runtime } from '../../runtime/runtime';
import type { DrawableModel, LoadContext, ModelRows } from '../drawable-model';
import { warmUp } from '../warm-up';
import { type FileDigestLine, HubGraphs } from './graphs';
import { JoinedHub } from './joined';
import { HubRun, type HubSequence } from './run';
import { assertFits } from './runtime';
import type { HubShape } from './shape';
import type { TextRows } from './text-rows';

/** The official sampling. What `generation_config.json` asks for is that of other programs. */
const DEFAULTS: SamplingSettings = {
  seed: 0,
  coupling: 'coupled',
  guidanceWeight: 5,
  temperature: 1,
  topK: 0,
  topP: 1,
  plausibility: 0,
  greedy: false,
};

/** A folder's name as a comparison can carry it. */
const nameOf = (folder: HubFolder): string => folder.name.replace(/[^\w.-]+/g, '-').slice(0, 64) || 'model';

/** 16 hex digits that stand for the files which decide about tokens: the same ones give the same digits wherever they come from. */
async function hashOf(digests: readonly (readonly [path: string, sha256: string])[]): Promise<string> {
  const lines = digests.map(([path, sha256]) => `${sha256}  ${path}\n`).sort();
  return (await sha256Hex(new TextEncoder().encode(lines.join('')))).slice(0, 16);
}

/** Chooses a folder's files for a device. Throws `no-shader-f16` where the GPU could run none of them. */
export function chooseForDevice(folder: HubFolder, { device }: Pick<HubRuntime, 'device'>): HubChoice {
  const choice = chooseHubFiles(folder.files, device);
  if (choice.needsShaderF16 && device.webgpu && !device.shaderF16)
    throw new EngineError('no-shader-f16', { file: choice.graphs.language_model.path });
  return choice;
}

/** What draws with a folder's graphs. */
interface Draws {
  readonly shape: HubShape;
  start(plan: DecodePlan, sequence: HubSequence): DecodeRun;
  release(): Promise<void>;
}

interface Loaded {
  readonly draws: Draws;
  readonly digests: readonly FileDigestLine[];
}

/** Draws with the graphs one after another; a run begins once the one before has let go of its tensors. */
async function oneByOne(loading: ReturnType<typeof HubGraphs.load>, device: HubRuntime): Promise<Loaded> {
  const { graphs, digests } = await loading;
  let last = { done: Promise.resolve() };
  const start = (plan: DecodePlan, sequence: HubSequence): HubRun => {
    const run = new HubRun(device, graphs, sequence, plan, last.done);
    last = run;
    return run;
  };
  const draws: Draws = {
    shape: graphs.shape,
    start,
    release: async () => {
      await last.done;
      await graphs.release();
    },
  };
  return { draws, digests };
}

/** Loads a folder in the Hugging Face hub's layout: a graph for each part of the model. */
export async function loadHub(
  runtime: Runtime,
  folder: HubFolder,
  { signal, progress, text, withTokenizer }: LoadContext,
): Promise<DrawableModel> {
  const ort = await runtime.prepare({
    signal,
    onBytes: (bytes) => {
      progress.update('runtime', bytes, 'runtime');
    },
  });
  throwIfAborted(signal);
  const device = await runtime.hub(ort);
  const choice = chooseForDevice(folder, device);
  await assertNoPointers(choice.files, async (path) => (await folder.read(path, { signal })).data);
  const { image_decode: decoder } = choice.graphs;
  if (text && choice.graphs.text.path !== text.graph.path)
    throw new ModelError('model-missing', { file: choice.graphs.text.path });
  const rows = text && { table: text.table, rows: new Map<number, Uint8Array>() };
  const unread = new Set([
    decoder.path,
    ...decoder.data,
    ...(text ? [text.graph.path] : []),
    'generation_config.json',
    'processor_config.json',
    'tokenizer_config.json',
  ]);
  progress.totalBytes =
    runtime.bytes + choice.files.reduce((sum, { path, bytes }) => sum + (unread.has(path) ? 0 : bytes), 0);
  const onBytes = (path: string, bytes: number) => {
    progress.update(path, bytes, 'download', true);
  };
  const readText = async (path: string) => {
    const { data, sha256 } = await folder.read(path, {
      signal,
      onBytes: (bytes) => {
        onBytes(path, bytes);
      },
    });
    return { data, digest: [path, sha256] as const };
  };
  const configText = await readText('config.json');
  const config = parseHubConfig(configText.data);
  const tokenizerText = await readText('tokenizer.json');
  const tokenizer = withTokenizer(() => new HubTokenizer(tokenizerText.data));
  const frame = withTokenizer(() => [...tokenizer.prefix(''), tokenizer.pad]);
  const grid = await pictureGrid(
    choice,
    folder.files,
    config,
    async (path) => (await folder.read(path, { signal })).data,
    (path, from, to) => folder.readRange(path, from, to, signal),
  );
  const steps = grid.rows * grid.columns;
  assertRoom(steps, config.positions, 'config.json', frame.length);

  if (device.executionProvider === 'wasm') assertProcessorHolds(needsOf(choice, config, steps));
  const reading = { signal, onBytes, rows };
  const joined = device.joinsGraphs ? await JoinedHub.load(folder, choice, config, ort, reading) : null;
  const { draws, digests: read }: Loaded = joined
    ? { draws: joined.joined, digests: joined.digests }
    : await oneByOne(HubGraphs.load(folder, choice, config, device, reading), device);
  const { shape } = draws;
  const textRows = text?.table.rows ?? shape.text?.rows ?? null;
  const prefixesOf = (prompts: Pair<string>, { lanes }: LanePlan): number[][] => {
    const prefix = (side: Side) => {
      if (prompts[side].trim() === '') throw new EngineError('empty-prompt', { side: side.toUpperCase() });
      const ids = tokenizer.prefix(prompts[side]);
      tokenizer.assertRows(ids, textRows);
      const room = config.positions - steps;
      if (ids.length > room)
        throw new EngineError('prompt-too-long', { side: side.toUpperCase(), tokens: ids.length, room });
      return ids;
    };
    const conditional = { a: prefix('a'), b: prefix('b') };
    return lanes.map(({ prompt, history }) =>
      prompt ? conditional[prompt] : tokenizer.unconditional(conditional[history]),
    );
  };
  // Of rows one has the host's word alone: what it says that its file is.
  const digests = text ? [...read, [text.graph.path, text.graph.digest.replace('sha256:', '')] as const] : read;
  const cache = {
    layers: shape.cache.length / 2,
    heads: shape.heads,
    headSize: shape.headSize,
    bytesPerNumber: shape.cacheType === 'float16' ? 2 : 4,
  } as const;
  const sequence: HubSequence = { pad: tokenizer.pad, steps, columns: grid.columns };
  const model: DrawableModel = {
    info: {
      modelName: nameOf(folder),
      modelHash: await hashOf([configText.digest, tokenizerText.digest, ...digests]),
      executionProvider: device.executionProvider,
      weightType: choice.graphs.language_model.dtype,
      runtime: `onnxruntime-web ${ort.env.versions.web ?? ''}`.trim(),
      threads: runtime.threads,
      adapter: device.adapter,
      grid,
      codes: config.codes,
      defaults: DEFAULTS,
      kvBytes: kvMemory(cache, FULL_PLAN, ORDINARY_PREFIX, steps).peak,
      ...(text && { textByRows: true }),
    },
    prefixes: (prompts, lanes) => {
      const prefixes = prefixesOf(prompts, lanes);
      const longest = Math.max(...prefixes.map(({ length }) => length));
      assertFits(
        device.limits,
        kvMemory(cache, lanes, longest, steps).cache / shape.cache.length,
        'the keys and values of a layer',
      );
      return prefixes;
    },
    readText: (prompts) => void prefixesOf(prompts, FULL_PLAN),
    start: (plan) => draws.start(plan, sequence),
    ...(rows && { rows: modelRows(rows, (prompts) => [...prefixesOf(prompts, FULL_PLAN).flat(), tokenizer.pad]) }),
    release: () => draws.release(),
  };
  progress.emit('prepare');
  try {
    throwIfAborted(signal);
    tokenizer.assertRows(frame, textRows);
    if (device.executionProvider === 'webgpu')
      await warmUpHub(model, choice.graphs.language_model.path, draws, sequence, rows, signal);
    throwIfAborted(signal);
    return model;
  } catch (error) {
    await draws.release().catch(() => undefined);
    throw error;
  }
}

/** Rows of text embeddings as they come; `idsOf` gives those that a drawing of two prompts takes. */
function modelRows({ table, rows }: TextRows, idsOf: (prompts: Pair<string>) => readonly number[]): ModelRows {
  return {
    table,
    missing: (prompts) => [...new Set(idsOf(prompts))].filter((id) => !rows.has(id)),
    take: (ids, data) => {
      const bytes = data.length / ids.length;
      ids.forEach((id, index) => rows.set(id, data.slice(index * bytes, (index + 1) * bytes)));
    },
  };
}

/**
 * Draws one token of nothing, which compiles the shaders and takes keys and values for no more; a graph that cannot be drawn with is refused here. Rows of
 * text embeddings, which are not there yet, are zeros.
 */
async function warmUpHub(
  model: DrawableModel,
  file: string,
  draws: Draws,
  sequence: HubSequence,
  rows: TextRows | undefined,
  signal: AbortSignal,
): Promise<void> {
  const prompts = { a: 'a', b: 'b' };
  const ids = model.rows?.missing(prompts) ?? [];
  if (rows)
    model.rows?.take(ids, new Uint8Array(ids.length * rows.table.columns * (rows.table.type === 'float32' ? 4 : 2)));
  const one: HubSequence = { ...sequence, steps: 1, columns: 1 };
  try {
    await warmUp({ start: (plan) => draws.start(plan, one) }, FULL_PLAN, model.prefixes(prompts, FULL_PLAN), signal);
  } catch (error) {
    if (!(error instanceof EngineError) || error.code !== 'failed') throw error;
    throw new EngineError('model-refused', { ...error.data, file }, { cause: error });
  } finally {
    rows?.rows.clear();
  }
}
