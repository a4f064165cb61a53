import { EngineError, ModelError, type Pair, type Side, throwIfAborted } from '@/lib/domain';
import { HubTokenizer, type JanusFiles, type JanusManifest, weightRoles } from '@/lib/models';
import { FULL_PLAN, type LanePlan } from '../decode/lanes';
import { embeddingPrefix } from '../decode/ort/embedding-prefix';
import { assertProcessorHolds, janusNeedsOf } from '../fit/needs';
import type { Runtime } from '../runtime/runtime';
import type { DrawableModel, LoadContext } from './drawable-model';
import { infoOf, readWithRuntime, shapeOf } from './one-graph';
import { TextRows } from './text-rows';
import { warmUp } from './warm-up';

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

/** Loads a folder in the layout of the Janus export: training/README-janus.md. */
export async function loadJanusExport(
  runtime: Runtime,
  files: JanusFiles,
  context: LoadContext,
): Promise<DrawableModel> {
  const { manifest } = files;
  const { executionProvider } = runtime;
  const shards = weightRoles(manifest);
  if (executionProvider === 'wasm') assertProcessorHolds(janusNeedsOf(manifest, false));
  const { ort, data } = await readWithRuntime(
    runtime,
    files,
    ['tokenizer', 'textEmbeddings', runtime.graph, ...shards],
    context,
  );
  const [tokenizerText, embeddings, graph, ...weights] = data as [Uint8Array, Uint8Array, Uint8Array, ...Uint8Array[]];
  const tokenizer = context.withTokenizer(() => new HubTokenizer(tokenizerText));
  context.withTokenizer(() => {
    checkTokenizer(manifest, tokenizer);
  });
  const { type, rows, columns } = manifest.textEmbeddings;
  const table = new TextRows(embeddings, type, columns);
  const shape = shapeOf(manifest);
  const backend = await runtime.createBackend(ort, {
    shape,
    prefix: embeddingPrefix(table, executionProvider),
    file: manifest.files[runtime.graph].path,
    graph,
    weights: weights.map((bytes, i) => ({ path: manifest.files[shards[i] as 'weights'].path, data: bytes })),
  });
  const room = manifest.positions - shape.steps;
  const prefixes = (prompts: Pair<string>, { lanes }: LanePlan) => {
    const prefix = (side: Side) => {
      if (prompts[side].trim() === '') throw new EngineError('empty-prompt', { side: side.toUpperCase() });
      const ids = tokenizer.prefix(prompts[side]);
      if (ids.length > room)
        throw new EngineError('prompt-too-long', { side: side.toUpperCase(), tokens: ids.length, room });
      tokenizer.assertRows(ids, rows);
      return ids;
    };
    const conditional = { a: prefix('a'), b: prefix('b') };
    return lanes.map(({ prompt, history }) =>
      prompt ? conditional[prompt] : tokenizer.unconditional(conditional[history]),
    );
  };
  try {
    if (executionProvider === 'webgpu')
      await warmUp(backend, FULL_PLAN, prefixes({ a: 'a', b: 'b' }, FULL_PLAN), context.signal);
    throwIfAborted(context.signal);
  } catch (error) {
    await backend.release().catch(() => undefined);
    throw error;
  }
  return {
    info: infoOf(runtime, ort, backend, files),
    prefixes,
    readText: (prompts) => void prefixes(prompts, FULL_PLAN),
    start: (plan) => backend.start(plan),
    release: () => backend.release(),
  };
}
