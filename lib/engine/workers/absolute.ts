import type { ModelLocation } from '@/lib/models';

/** The location as a worker finds it, too: workers resolve URLs against their own script, and the page's is meant. */
export function absolute(model: ModelLocation): ModelLocation {
  const page = (globalThis as { location?: Location }).location?.href;
  return model.kind === 'url' ? { kind: 'url', url: new URL(model.url, page).href } : model;
}
