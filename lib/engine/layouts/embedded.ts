import { EngineError, NEUTRAL_SETTINGS, type Pair, type Side, throwIfAborted } from '@/lib/domain';
import { type ModelFiles, openFused, parseTextVocabulary, prefixIds, readPrompt } from '@/lib/models';
import type { DecodeBackend, PrefixInputs } from '../decode/backend';
import { lanePlan, type LanePlan } from '../decode/lanes';
import type { Runtime } from '../runtime/runtime';
import type { DrawableModel, LoadContext } from './drawable-model';
import { infoOf, readWithRuntime, shapeOf } from './embedded-parts';
import { loadFusedJanus } from './janus-export';

/** The rows of a draw with the given prompts' prefixes, which all have one length. */
function prefixesOf(lanes: LanePlan, prompts: Pair<BigInt64Array>, none: BigInt64Array): PrefixInputs {
  const ids = new BigInt64Array(lanes.lanes.length * none.length);
  lanes.lanes.forEach(({ prompt }, row) => {
    ids.set(prompt ? prompts[prompt] : none, row * none.length);
  });
  return {
    room: none.length,
    earlier: [],
    slots: none.length,
    lengths: lanes.lanes.map(() => none.length),
    ids,
    feeds: () => ({}),
  };
}

/**
 * Draws the first chunk of nothing: compiling code and shaders belongs to loading, so that the first tokens of the first draw come
 * as soon as those of any other.
 */
async function warmUp(
  backend: DecodeBackend,
  lanes: LanePlan,
  none: BigInt64Array,
  signal: AbortSignal,
): Promise<void> {
  const run = backend.start({
    lanes,
    prefix: prefixesOf(lanes, { a: none, b: none }, none),
    settings: NEUTRAL_SETTINGS,
    forced: undefined,
  });
  try {
    await run.next();
  } catch (error) {
    await backend.release().catch(() => undefined);
    throw error;
  } finally {
    run.release();
  }
  if (signal.aborted) await backend.release();
  throwIfAborted(signal);
}

/** Loads a folder whose graph holds everything: the embedded model's layout, or a fused Janus's. See docs/model-layout.md. */
export async function loadFused(runtime: Runtime, context: LoadContext): Promise<DrawableModel> {
  const { source, store, signal } = context;
  const opened = await openFused(source, { ...(store && { store }), signal });
  return opened.layout === 'fused'
    ? loadEmbedded(runtime, opened.files, context)
    : loadFusedJanus(runtime, opened.files, context);
}

async function loadEmbedded(runtime: Runtime, files: ModelFiles, context: LoadContext): Promise<DrawableModel> {
  const { manifest } = files;
  const { ort, data } = await readWithRuntime(runtime, files, [runtime.graph, 'weights', 'text'], context);
  const [graph, weights, text] = data as [Uint8Array, Uint8Array, Uint8Array];
  const { path } = manifest.files.weights;
  const backend = await runtime.createBackend(ort, {
    shape: shapeOf(manifest),
    file: manifest.files[runtime.graph].path,
    graph,
    weights: [{ path, data: weights }],
  });
  const vocabulary = parseTextVocabulary(text);
  const none = prefixIds([], vocabulary, manifest.codes);
  await warmUp(backend, lanePlan(manifest.defaults, true), none, context.signal);
  return {
    info: infoOf(runtime, ort, backend, files),
    prepare: ({ prompts, lanes, settings, forced }) => {
      const prefixOf = (side: Side) => {
        const { ids } = readPrompt(prompts[side], vocabulary);
        if (ids.length === 0) throw new EngineError('empty-prompt', { side: side.toUpperCase() });
        return prefixIds(ids, vocabulary, manifest.codes);
      };
      const prefix = prefixesOf(lanes, { a: prefixOf('a'), b: prefixOf('b') }, none);
      return () => backend.start({ lanes, prefix, settings, forced });
    },
    release: () => backend.release(),
  };
}
