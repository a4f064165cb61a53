import { openByManifest, openHubFolder } from '@/lib/models';
import type { Runtime } from '../runtime/runtime';
import type { DrawableModel, LoadContext } from './drawable-model';
import { loadEmbedded } from './embedded';
import { loadHub } from './hub/model';
import { loadJanusExport } from './janus-export';

/** Loads a model's folder, whichever layout its files have. */
export async function loadModel(runtime: Runtime, context: LoadContext): Promise<DrawableModel> {
  const { source, store, signal } = context;
  const hub = await openHubFolder(source, signal);
  if (hub) return loadHub(runtime, hub, context);
  const opened = await openByManifest(source, { ...(store && { store }), signal });
  return opened.layout === 'fused'
    ? loadEmbedded(runtime, opened.files, context)
    : loadJanusExport(runtime, opened.files, context);
}
