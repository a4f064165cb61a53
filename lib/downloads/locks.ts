/** One task at a time for each name; between tabs too where the browser can arrange that. */
export interface Locks {
  /** Waits until the name is free, runs the task, and frees it. `onWait` is called if somebody else has it. */
  run<T>(
    name: string,
    options: { readonly signal?: AbortSignal | undefined; readonly onWait?: () => void },
    task: () => Promise<T>,
  ): Promise<T>;
}

/** Rejects when the signal is aborted; otherwise never settles. */
const aborted = (signal: AbortSignal | undefined): Promise<never> =>
  new Promise((_, reject) => {
    signal?.addEventListener('abort', () => {
      reject(signal.reason as Error);
    });
  });

/** For browsers without Web Locks, and for storage that no other tab sees. */
export class LocalLocks implements Locks {
  readonly #tails = new Map<string, Promise<void>>();

  async run<T>(name: string, { signal, onWait }: Parameters<Locks['run']>[1], task: () => Promise<T>): Promise<T> {
    const before = this.#tails.get(name);
    let free: () => void = () => undefined;
    const held = new Promise<void>((resolve) => (free = resolve));
    const tail = (before ?? Promise.resolve()).then(() => held);
    this.#tails.set(name, tail);
    try {
      if (before) {
        onWait?.();
        await Promise.race([before, aborted(signal)]);
      }
      signal?.throwIfAborted();
      return await task();
    } finally {
      free();
      if (this.#tails.get(name) === tail) this.#tails.delete(name);
    }
  }
}

/** Locks that all tabs of the site share. */
export class TabLocks implements Locks {
  constructor(private readonly manager: LockManager = navigator.locks) {}

  async run<T>(name: string, { signal, onWait }: Parameters<Locks['run']>[1], task: () => Promise<T>): Promise<T> {
    const lock = `pairscope ${name}`;
    const atOnce = await this.manager.request(lock, { ifAvailable: true }, async (granted) =>
      granted ? { value: await task() } : null,
    );
    if (atOnce) return atOnce.value;
    onWait?.();
    return this.manager.request(lock, { ...(signal && { signal }) }, task);
  }
}

export const browserLocks = (): Locks =>
  (globalThis.navigator as { locks?: LockManager } | undefined)?.locks ? new TabLocks() : new LocalLocks();
