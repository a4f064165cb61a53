/** Where downloaded bytes are kept, under names of letters, digits, dots and dashes. One kind for each storage that a browser may have. */
export interface Depot {
  readonly kind: 'opfs' | 'indexeddb' | 'memory';
  /** Opens a file for writing at its end, made empty if it is new. Only one writer at a time. */
  open(name: string): Promise<DepotWriter>;
  /** The bytes of a file as they are now, without copying them; null if there is none. */
  blob(name: string): Promise<Blob | null>;
  /** Writes a small file whole. */
  put(name: string, data: Uint8Array<ArrayBuffer>): Promise<void>;
  remove(name: string): Promise<void>;
  list(): Promise<readonly DepotEntry[]>;
}

export interface DepotEntry {
  readonly name: string;
  readonly bytes: number;
}

/** A file being written. What `append` has taken may be lost in a crash until `flush` or `close`, but never changed. */
export interface DepotWriter {
  readonly length: number;
  /** Throws `DepotFullError` when the storage takes no more; the file then ends where it ended before. */
  append(data: Uint8Array): Promise<void>;
  truncate(length: number): Promise<void>;
  flush(): Promise<void>;
  close(): Promise<void>;
}

/** The storage takes no more bytes, or none at all. */
export class DepotFullError extends Error {
  override readonly name = 'DepotFullError';
}

/** Keeps files as long as the page lives; blobs, so that the browser may move them to disk. */
export class MemoryDepot implements Depot {
  readonly kind = 'memory';
  readonly #files = new Map<string, Blob>();

  open(name: string): Promise<DepotWriter> {
    const files = this.#files;
    const write = (blob: Blob) => {
      files.set(name, blob);
      return Promise.resolve();
    };
    const now = () => files.get(name) ?? new Blob();
    void write(now());
    return Promise.resolve({
      get length() {
        return now().size;
      },
      append: (data) => write(new Blob([now(), data as Uint8Array<ArrayBuffer>])),
      truncate: (length) => write(now().slice(0, length)),
      flush: () => Promise.resolve(),
      close: () => Promise.resolve(),
    });
  }

  blob(name: string): Promise<Blob | null> {
    return Promise.resolve(this.#files.get(name) ?? null);
  }

  put(name: string, data: Uint8Array<ArrayBuffer>): Promise<void> {
    this.#files.set(name, new Blob([data]));
    return Promise.resolve();
  }

  remove(name: string): Promise<void> {
    this.#files.delete(name);
    return Promise.resolve();
  }

  list(): Promise<readonly DepotEntry[]> {
    return Promise.resolve([...this.#files].map(([name, { size }]) => ({ name, bytes: size })));
  }
}
