import { EngineError, type Side } from '@/lib/domain';
import { type ModelFiles, parseTextVocabulary, prefixIds, readPrompt } from '@/lib/models';
import { lanePlan } from '../decode/lanes';
import { tokenPrefix } from '../decode/ort/prefix';
import type { Runtime } from '../runtime/runtime';
import type { DrawableModel, LoadContext } from './drawable-model';
import { infoOf, readWithRuntime, shapeOf } from './one-graph';
import { warmUp } from './warm-up';

/** Loads a folder in the embedded model's layout: docs/model-layout.md. */
export async function loadEmbedded(runtime: Runtime, files: ModelFiles, context: LoadContext): Promise<DrawableModel> {
  const { manifest } = files;
  const { ort, data } = await readWithRuntime(runtime, files, [runtime.graph, 'weights', 'text'], context);
  const [graph, weights, text] = data as [Uint8Array, Uint8Array, Uint8Array];
  const { path } = manifest.files.weights;
  const backend = await runtime.createBackend(ort, {
    shape: shapeOf(manifest),
    prefix: tokenPrefix,
    file: manifest.files[runtime.graph].path,
    graph,
    weights: [{ path, data: weights }],
  });
  const vocabulary = parseTextVocabulary(text);
  const none = prefixIds([], vocabulary, manifest.codes);
  try {
    const lanes = lanePlan(manifest.defaults, true);
    const prefixes = lanes.lanes.map(() => none);
    await warmUp(backend, lanes, prefixes, context.signal);
  } catch (error) {
    await backend.release().catch(() => undefined);
    throw error;
  }
  return {
    info: infoOf(runtime, ort, backend, files),
    prefixes: (prompts, { lanes }) => {
      const prefixOf = (side: Side) => {
        const { ids } = readPrompt(prompts[side], vocabulary);
        if (ids.length === 0) throw new EngineError('empty-prompt', { side: side.toUpperCase() });
        return prefixIds(ids, vocabulary, manifest.codes);
      };
      const conditional = { a: prefixOf('a'), b: prefixOf('b') };
      return lanes.map(({ prompt }) => (prompt ? conditional[prompt] : none));
    },
    start: (plan) => backend.start(plan),
    release: () => backend.release(),
  };
}
