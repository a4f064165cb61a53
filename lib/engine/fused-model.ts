import { openModel, parseTextVocabulary, prefixIds, readPrompt, type Manifest, type TextVocabulary } from '../models';
import type { DecodeBackend } from './decode-backend';
import { NEUTRAL, type DrawableModel, type LoadContext } from './drawable';
import { EngineError, throwIfAborted } from './errors';
import { lanePlan, type LanePlan } from './lanes';
import type { Runtime } from './runtime';
import type { Pair, Side } from './types';

/** The rows of a draw with the given prompts' prefixes. */
function prefixesOf(lanes: LanePlan, prompts: Pair<BigInt64Array>, none: BigInt64Array): BigInt64Array {
  const prefixes = new BigInt64Array(lanes.lanes.length * none.length);
  lanes.lanes.forEach(({ prompt }, row) => {
    prefixes.set(prompt ? prompts[prompt] : none, row * none.length);
  });
  return prefixes;
}

/**
 * Draws the first chunk of nothing: compiling code and shaders belongs to loading, so that the first tokens of the first draw come
 * as soon as those of any other.
 */
async function warmUp(backend: DecodeBackend, manifest: Manifest, vocabulary: TextVocabulary, signal: AbortSignal): Promise<void> {
  const none = prefixIds([], vocabulary, manifest.codes);
  const lanes = lanePlan(true);
  const run = backend.start({ lanes, prefixes: prefixesOf(lanes, { a: none, b: none }, none), settings: NEUTRAL, forced: undefined });
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

/** Loads a folder in this project's own layout: everything in one graph. See docs/model-layout.md. */
export async function loadFused(runtime: Runtime, { source, store, signal, progress, onNotStored }: LoadContext): Promise<DrawableModel> {
  const files = await openModel(source, { ...(store && { store }), signal });
  const { manifest, hash } = files;
  progress.totalBytes = runtime.bytes + files.bytesOf([runtime.graph, 'weights', 'text']);
  const read = (role: typeof runtime.graph) =>
    files.read(role, {
      signal,
      onProgress: (bytes, phase, fromStorage) => {
        progress.update(role, bytes, phase, fromStorage);
      },
    });
  const [ort, graph, weights, text] = await Promise.all([
    runtime.prepare({
      signal,
      onBytes: (bytes) => {
        progress.update('runtime', bytes, 'runtime');
      },
    }),
    read(runtime.graph),
    read('weights'),
    read('text'),
  ]);
  if (!files.stored) onNotStored?.();
  progress.emit('prepare');
  throwIfAborted(signal);
  const backend = await runtime.createBackend(ort, { manifest, graph, weights });
  const vocabulary = parseTextVocabulary(text);
  await warmUp(backend, manifest, vocabulary, signal);
  const none = prefixIds([], vocabulary, manifest.codes);
  return {
    info: {
      modelName: manifest.name,
      modelHash: hash,
      executionProvider: runtime.executionProvider,
      weightType: manifest.weightType,
      runtime: `onnxruntime-web ${ort.env.versions.web ?? ''}`.trim(),
      threads: runtime.threads,
      adapter: backend.adapter,
      grid: manifest.grid,
      codes: manifest.codes,
      defaults: { seed: 0, greedy: false, ...manifest.defaults },
    },
    prepare: ({ prompts, lanes, settings, forced }) => {
      const prefix = (side: Side) => {
        const { ids } = readPrompt(prompts[side], vocabulary);
        if (ids.length === 0) throw new EngineError('empty-prompt', { side: side.toUpperCase() });
        return prefixIds(ids, vocabulary, manifest.codes);
      };
      const prefixes = prefixesOf(lanes, { a: prefix('a'), b: prefix('b') }, none);
      return () => backend.start({ lanes, prefixes, settings, forced });
    },
    release: () => backend.release(),
  };
}
