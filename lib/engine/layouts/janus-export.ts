import {
  EngineError,
  type ExecutionProvider,
  ModelError,
  NEUTRAL_SETTINGS,
  type Side,
  throwIfAborted,
} from '@/lib/domain';
import { HubTokenizer, type JanusFiles, type JanusManifest, weightRoles } from '@/lib/models';
import type { DecodeBackend, DecodePlan, Feeds, Ort, PrefixInputs } from '../decode/backend';
import { FULL_PLAN } from '../decode/lanes';
import { paddedLength } from '../fit/kv-memory';
import type { Runtime } from '../runtime/runtime';
import type { DrawableModel, Drawing, LoadContext } from './drawable-model';
import { infoOf, readWithRuntime, shapeOf } from './embedded-parts';
import { TextRows } from './text-rows';

/**
 * Prefixes as the fused graphs of a Janus take them: rows of text embeddings. The processor's graph takes all of them at once, filled up to one length on the left,
 * where `pads` masks them out. The GPU's takes one position of every row a run: with rows padded on the right, `GroupQueryAttention` of ONNX Runtime 1.30 on WebGPU
 * gives other numbers than on the CPU. Rows end together; one that has not begun writes to its first place what its first token writes over.
 */
export function janusPrefix(
  ort: Ort,
  rows: readonly (readonly number[])[],
  table: TextRows,
  on: ExecutionProvider,
): PrefixInputs {
  const lengths = rows.map(({ length }) => length);
  const room = paddedLength(Math.max(...lengths));
  const lanes = rows.length;
  const { columns } = table;
  const float = (data: Float32Array, dims: number[]) => new ort.Tensor('float32', data, dims);
  const pads = new ort.Tensor(
    'int64',
    BigInt64Array.from(lengths, (length) => BigInt(room - length)),
    [lanes],
  );
  const pick = float(new Float32Array(lanes).fill(1), [lanes, 1, 1]);
  const inputs = (length: number, text: Float32Array, isImage: number): Feeds => ({
    text_embeds: float(text, [lanes, length, columns]),
    is_image: float(new Float32Array(lanes * length).fill(isImage), [lanes, length, 1]),
    ...(on === 'wasm' ? { pads } : { pick }),
  });
  /** Slots `from` to `to` of rows that are filled up on the left to the given length. */
  const part = (padded: number, from: number, to: number): Feeds => {
    const embeddings = new Float32Array(lanes * (to - from) * columns);
    rows.forEach((row, lane) => {
      for (let slot = Math.max(from, padded - row.length); slot < to; slot++) {
        embeddings.set(
          table.row(row[slot - (padded - row.length)] as number),
          (lane * (to - from) + slot - from) * columns,
        );
      }
    });
    return inputs(to - from, embeddings, 0);
  };
  const later = inputs(1, new Float32Array(lanes * columns), 1);
  if (on === 'wasm') {
    const first = part(room, 0, room);
    return {
      room,
      earlier: [],
      slots: room,
      lengths,
      ids: new BigInt64Array(lanes * room),
      feeds: (isFirst) => (isFirst ? first : later),
    };
  }
  const longest = Math.max(...lengths);
  const earlier = Array.from({ length: longest - 1 }, (_, slot) => ({
    lengths: lengths.map((length) => Math.max(1, slot + 1 - (longest - length))),
    feeds: () => part(longest, slot, slot + 1),
  }));
  const last = part(longest, longest - 1, longest);
  return {
    room,
    earlier,
    slots: 1,
    lengths,
    ids: new BigInt64Array(lanes),
    feeds: (isFirst) => (isFirst ? last : later),
  };
}

/** The first steps of nothing: compiling shaders belongs to loading. */
async function warmUp(backend: DecodeBackend, planOf: (drawing: Drawing) => DecodePlan): Promise<void> {
  const run = backend.start(
    planOf({ prompts: { a: 'a', b: 'b' }, lanes: FULL_PLAN, settings: NEUTRAL_SETTINGS, forced: undefined }),
  );
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
  const fits = (['bos', 'boi', 'pad'] as const).every(
    (role) => found[role] === special[role] && special[role] < textEmbeddings.rows,
  );
  if (!fits)
    throw new ModelError('model-mismatch', {
      file: files.tokenizer.path,
      detail: 'its special tokens are not those of the manifest',
    });
}

/** Loads a Janus that was exported as one graph: training/README-janus.md. */
export async function loadFusedJanus(
  runtime: Runtime,
  files: JanusFiles,
  context: LoadContext,
): Promise<DrawableModel> {
  const { manifest } = files;
  const { executionProvider } = runtime;
  const shards = weightRoles(manifest);
  const { ort, data } = await readWithRuntime(
    runtime,
    files,
    ['tokenizer', 'textEmbeddings', runtime.graph, ...shards],
    context,
  );
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
      if (ids.length > room)
        throw new EngineError('prompt-too-long', { side: side.toUpperCase(), tokens: ids.length, room });
      if (ids.some((id) => id >= rows))
        throw new ModelError('model-mismatch', {
          file: manifest.files.textEmbeddings.path,
          detail: 'it has fewer rows than there are tokens',
        });
      return ids;
    };
    const conditional = { a: prefix('a'), b: prefix('b') };
    const ids = lanes.lanes.map(({ prompt, history }) =>
      prompt ? conditional[prompt] : tokenizer.unconditional(conditional[history]),
    );
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
    info: infoOf(runtime, ort, backend, files),
    prepare: (drawing) => {
      const plan = planOf(drawing);
      return () => backend.start(plan);
    },
    release: () => backend.release(),
  };
}
