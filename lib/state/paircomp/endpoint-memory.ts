import type { Endpoint } from '@/lib/judge';
import * as z from '@/lib/schema';

const KEY = 'pairscope.judge';

const endpointSchema = z.object({ url: z.string(), model: z.string(), key: z.string() });

/** The judge's endpoint that somebody asked this browser to remember, key included; null where nobody did. */
export const readEndpoint = (): Endpoint | null => {
  try {
    const parsed = z.parseJson(localStorage.getItem(KEY) ?? '', endpointSchema);
    return parsed.ok ? parsed.value : null;
  } catch {
    // Storage is forbidden.
    return null;
  }
};

export const writeEndpoint = (endpoint: Endpoint | null): void => {
  try {
    if (endpoint === null) localStorage.removeItem(KEY);
    else localStorage.setItem(KEY, JSON.stringify(endpoint));
  } catch {
    // Storage is full or forbidden: the endpoint lasts as long as the page.
  }
};
