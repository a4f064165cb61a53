import { sha256Hex } from './sha256';

/** Where verified model files are kept between visits, by the SHA-256 of their contents, or the first digits of it. */
export interface FileStore {
  /** The stored file, checked against its hash again; null if it is not there, or not what it should be. */
  get(sha256: string): Promise<Uint8Array<ArrayBuffer> | null>;
  /** Stores a file. Resolves to false if the browser refused (disk full, storage forbidden): work goes on in memory. */
  put(sha256: string, data: Uint8Array<ArrayBuffer>): Promise<boolean>;
  /** Runs `task` while no other tab runs one of the same name, where the browser can arrange that. */
  exclusively<T>(name: string, signal: AbortSignal | undefined, task: () => Promise<T>): Promise<T>;
}

/** Never change: files stored under it would be orphaned. */
const CACHE_NAME = 'pairscope-model-files';

/** Keeps nothing; used in Node, where a folder is at hand anyway. */
export const noStore: FileStore = {
  get: () => Promise.resolve(null),
  put: () => Promise.resolve(true),
  exclusively: (_name, _signal, task) => task(),
};

/** The Cache API, which is missing without a secure context and throws where storage is forbidden. */
function cacheStorage(): CacheStorage | null {
  try {
    return (globalThis as { caches?: CacheStorage }).caches ?? null;
  } catch {
    return null;
  }
}

export class BrowserFileStore implements FileStore {
  readonly #caches: CacheStorage | null;
  readonly #origin: string;

  constructor(caches = cacheStorage(), origin = (globalThis as { location?: Location }).location?.origin) {
    this.#caches = caches;
    this.#origin = origin ?? 'http://localhost';
  }

  #key(sha256: string): string {
    return `${this.#origin}/.model-files/${sha256}`;
  }

  async get(sha256: string): Promise<Uint8Array<ArrayBuffer> | null> {
    try {
      const cache = await this.#caches?.open(CACHE_NAME);
      const stored = await cache?.match(this.#key(sha256));
      if (!stored) return null;
      const data = new Uint8Array(await stored.arrayBuffer());
      if ((await sha256Hex(data)).startsWith(sha256)) return data;
      await cache?.delete(this.#key(sha256));
    } catch {
      // A storage that cannot be read is an empty one.
    }
    return null;
  }

  async put(sha256: string, data: Uint8Array<ArrayBuffer>): Promise<boolean> {
    try {
      if (!this.#caches) return false;
      const cache = await this.#caches.open(CACHE_NAME);
      await cache.put(
        this.#key(sha256),
        new Response(data, { headers: { 'Content-Type': 'application/octet-stream' } }),
      );
      return true;
    } catch {
      return false;
    }
  }

  async exclusively<T>(name: string, signal: AbortSignal | undefined, task: () => Promise<T>): Promise<T> {
    const locks = (globalThis.navigator as { locks?: LockManager } | undefined)?.locks;
    if (!locks) return task();
    let started = false;
    try {
      return await locks.request(`pairscope ${name}`, { ...(signal && { signal }) }, () => {
        started = true;
        return task();
      });
    } catch (error) {
      // Locks can be forbidden along with storage; then both tabs download.
      if (started || signal?.aborted) throw error;
      return task();
    }
  }
}
