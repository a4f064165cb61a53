import { createHash } from 'node:crypto';
import type { ListedFile } from '../listing';
import { LocalLocks } from '../locks';
import type { ModelOrigin } from '../origin';
import { type Net, realSleep } from '../request';
import { COMMIT, HubServer } from './hub-server';

/** Bytes that look like nothing, the same every time. */
export function noise(bytes: number, seed: number): Uint8Array<ArrayBuffer> {
  const data = new Uint8Array(bytes);
  let state = seed >>> 0;
  for (let i = 0; i < bytes; i++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    data[i] = state >>> 24;
  }
  return data;
}

export const ID = 'someone/tiny-janus';

/** A network whose waits take no time. */
export const quickNet = (
  signal?: AbortSignal,
  isOffline = (): boolean => false,
): Net & { readonly waits: number[] } => {
  const waits: number[] = [];
  return {
    fetch,
    signal,
    isOffline,
    waits,
    sleep: (ms, stop) => {
      waits.push(ms);
      return realSleep(0, stop);
    },
  };
};

/** A hub with one model, what it lists, and how to clean up. */
export async function startHub(files: Readonly<Record<string, Uint8Array>>) {
  const server = new HubServer([{ id: ID, files }]);
  const endpoint = await server.start();
  const origin: ModelOrigin = { kind: 'hub', endpoint, id: ID, revision: COMMIT };
  const listed = Object.entries(files).map(([path, data]): ListedFile => ({
    path,
    bytes: data.length,
    digest: `sha256:${createHash('sha256').update(data).digest('hex')}`,
  }));
  return { server, endpoint, origin, listed, locks: new LocalLocks() };
}
