import type { Endpoint } from './endpoint';

/** Asks a worker to hold a lock of this name for as long as it lives. */
export interface LiveRequest {
  readonly kind: 'live';
  readonly lock: string;
}

interface Living {
  readonly kind: 'living';
  readonly lock: string;
}

/** What this needs of the browser's locks, which its pages and their workers share, and which end with their holders. */
export interface LifeLocks {
  request(name: string, options: { readonly signal?: AbortSignal }, task: () => Promise<void>): Promise<void>;
}

/** Browsers have them where a page came over https or from this computer; Node says by itself when a thread ends. */
const browserLocks = (): LifeLocks | undefined =>
  (globalThis.navigator as { readonly locks?: LifeLocks } | undefined)?.locks;

const never = new Promise<void>(() => undefined);

/** In the worker: holds the lock until the worker ends, and says so once it has it. */
export function holdLife(endpoint: Endpoint, { lock }: LiveRequest, locks = browserLocks()): void {
  const living: Living = { kind: 'living', lock };
  void locks?.request(lock, {}, () => {
    endpoint.postMessage(living);
    return never;
  });
}

/**
 * Beside the worker: calls `onEnd` as soon as the worker is no more, whatever ended it; browsers tell nobody of one that closed itself.
 * A worker that is busy lives, however long it does not answer. Returns how to stop watching.
 */
export function watchLife(endpoint: Endpoint, onEnd: () => void, locks = browserLocks()): () => void {
  const stop = new AbortController();
  if (locks) {
    const lock = `pairscope worker ${crypto.randomUUID()}`;
    const request: LiveRequest = { kind: 'live', lock };
    endpoint.addEventListener('message', ({ data }) => {
      const { kind, lock: held } = data as Partial<Living>;
      if (kind !== 'living' || held !== lock) return;
      // It is given once its holder is gone.
      const end = () => {
        if (!stop.signal.aborted) onEnd();
        return Promise.resolve();
      };
      locks.request(lock, { signal: stop.signal }, end).catch(() => undefined);
    });
    endpoint.postMessage(request);
  }
  return () => {
    stop.abort();
  };
}
