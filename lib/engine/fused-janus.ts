import { ModelError, weightRoles, type JanusFiles, type JanusManifest } from '../models';
import { HubTokenizer } from '../models/hub-tokenizer';
import type { DecodeBackend, DecodePlan, Feeds, Ort, PrefixInputs } from './decode-backend';
import { NEUTRAL, type DrawableModel, type Drawing, type LoadContext } from './drawable';
import { EngineError, throwIfAborted } from './errors';
import { infoOf, readWithRuntime, shapeOf } from './fused-parts';
import { paddedLength } from './hub/kv-memory';
import { lanePlan } from './lanes';
import type { Runtime } from './runtime';
import { TextRows } from './text-rows';
import type { ExecutionProvider, Side } from './types';

/**
 * Prefixes as the fused graphs of a Janus take them: rows of text embeddings, filled up to one length. The processor's graph wants the padding on the left,
 * masked out by `pads`; the GPU's wants it on the right, where the first tokens of the image overwrite what it left in the cache.
 */
export function janusPrefix(ort: Ort, rows: readonly (readonly number[])[], table: TextRows, on: ExecutionProvider): PrefixInputs {
  const lengths = rows.map(({ length }) => length);
  const slots = paddedLength(Math.max(...lengths));
  const lanes = rows.length;
  const { columns } = table;
  const embeddings = new Float32Array(lanes * slots * columns);
  const pick = new Float32Array(lanes * slots);
  rows.forEach((row, lane) => {
    const first = lane * slots + (on === 'wasm' ? slots - row.length : 0);
    row.forEach((id, i) => {
      embeddings.set(table.row(id), (first + i) * columns);
    });
    pick[first + row.length - 1] = 1;
  });
  const float = (data: Float32Array, dims: number[]) => new ort.Tensor('float32', data, dims);
  const pads = new ort.Tensor('int64', BigInt64Array.from(lengths, (length) => BigInt(slots - length)), [lanes]);
  const ofRun = (text: Float32Array, isImage: number, length: number, last: Float32Array): Feeds => ({
    text_embeds: float(text, [lanes, length, columns]),
    is_image: float(new Float32Array(lanes * length).fill(isImage), [lanes, length, 1]),
    ...(on === 'wasm' ? { pads } : { pick: float(last, [lanes, 1, length]) }),
  });
  const first = ofRun(embeddings, 0, slots, pick);
  const later = ofRun(new Float32Array(lanes * columns), 1, 1, new Float32Array(lanes).fill(1));
  return { slots, lengths, ids: new BigInt64Array(lanes * slots), feeds: (isFirst) => (isFirst ? first : later) };
}

/** The first steps of nothing: compiling shaders belongs to loading. */
async function warmUp(backend: DecodeBackend, planOf: (drawing: Drawing) => DecodePlan): Promise<void> {
  const run = backend.start(planOf({ prompts: { a: 'a', b: 'b' }, lanes: lanePlan(true), settings: NEUTRAL, forced: undefined }));
  try {
    await run.next();
  } finally {
    run.release();
  }
}

/** Throws `model-mismatch` where the tokenizer is of another model than the graphs. */
function checkTokenizer({ special, textEmbeddings, files }: JanusManifest, tokenizer: HubTokenizer): void {
  const prefix = tokenizer.prefix('');
  const found = { bos: prefix[0], boi: prefix.at(-1), pad: tokenizer.pad };
  const fits = (['bos', 'boi', 'pad'] as const).every((role) => found[role] === special[role] && special[role] < textEmbeddings.rows);
  if (!fits) throw new ModelError('model-mismatch', { file: files.tokenizer.path, detail: 'its special tokens are not those of the manifest' });
}

/** Loads a Janus that was exported as one graph: training/README-janus.md. */
export async function loadFusedJanus(runtime: Runtime, files: JanusFiles, context: LoadContext): Promise<DrawableModel> {
  const { manifest, hash } = files;
  const { executionProvider } = runtime;
  const shards = weightRoles(manifest);
  const { ort, data } = await readWithRuntime(runtime, files, ['tokenizer', 'textEmbeddings', runtime.graph, ...shards], context);
  const [tokenizerText, embeddings, graph, ...weights] = data as [Uint8Array, Uint8Array, Uint8Array, ...Uint8Array[]];
  const tokenizer = new HubTokenizer(tokenizerText);
  checkTokenizer(manifest, tokenizer);
  const { type, rows, columns } = manifest.textEmbeddings;
  const table = new TextRows(embeddings, type, columns);
  const shape = shapeOf(manifest);
  const backend = await runtime.createBackend(ort, {
    shape,
    file: manifest.files[runtime.graph].path,
    graph,
    weights: weights.map((bytes, i) => ({ path: manifest.files[shards[i] as 'weights'].path, data: bytes })),
  });
  const room = manifest.positions - shape.steps;
  const planOf = ({ prompts, lanes, settings, forced }: Drawing): DecodePlan => {
    const prefix = (side: Side) => {
      if (prompts[side].trim() === '') throw new EngineError('empty-prompt', { side: side.toUpperCase() });
      const ids = tokenizer.prefix(prompts[side]);
      if (ids.length > room) throw new EngineError('prompt-too-long', { side: side.toUpperCase(), tokens: ids.length, room });
      if (ids.some((id) => id >= rows)) throw new ModelError('model-mismatch', { file: manifest.files.textEmbeddings.path, detail: 'it has fewer rows than there are tokens' });
      return ids;
    };
    const conditional = { a: prefix('a'), b: prefix('b') };
    const ids = lanes.lanes.map(({ prompt, history }) => (prompt ? conditional[prompt] : tokenizer.unconditional(conditional[history])));
    return { lanes, prefix: janusPrefix(ort, ids, table, executionProvider), settings, forced };
  };
  try {
    if (executionProvider === 'webgpu') await warmUp(backend, planOf);
    throwIfAborted(context.signal);
  } catch (error) {
    await backend.release().catch(() => undefined);
    throw error;
  }
  return {
    info: {
      ...infoOf(runtime, ort, backend),
      modelName: manifest.name,
      modelHash: hash,
      weightType: manifest.weightType,
      grid: manifest.grid,
      codes: manifest.codes,
      defaults: { seed: 0, greedy: false, ...manifest.defaults },
    },
    prepare: (drawing) => {
      const plan = planOf(drawing);
      return () => backend.start(plan);
    },
    release: () => backend.release(),
  };
}
