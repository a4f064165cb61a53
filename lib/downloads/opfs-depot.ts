import { type Depot, type DepotEntry, DepotFullError, type DepotWriter } from './depot';

/** Never change: files stored in it would be orphaned. */
const FOLDER = 'pairscope-models';

/** Whether an error of the browser's storage means that there is no room. */
export const isFull = (error: unknown): boolean =>
  error instanceof DOMException && (error.name === 'QuotaExceededError' || error.name === 'NS_ERROR_DOM_QUOTA_REACHED');

/** What the origin-private file system writes with; only dedicated workers have it. */
type SyncHandle = FileSystemSyncAccessHandle;

/** Keeps files in the origin-private file system, each as one file that grows. */
export class OpfsDepot implements Depot {
  readonly kind = 'opfs';

  private constructor(private readonly folder: FileSystemDirectoryHandle) {}

  /** Throws where the browser has no such storage, forbids it, or lets only workers write and this is none. */
  static async open(
    root: () => Promise<FileSystemDirectoryHandle> = () => navigator.storage.getDirectory(),
  ): Promise<OpfsDepot> {
    const folder = await (await root()).getDirectoryHandle(FOLDER, { create: true });
    const depot = new OpfsDepot(folder);
    const probe = '.probe';
    await depot.put(probe, Uint8Array.of(1)).catch((error: unknown) => {
      // A full disk still holds what was stored before.
      if (!(error instanceof DepotFullError)) throw error;
    });
    await depot.remove(probe);
    return depot;
  }

  async #handle(name: string): Promise<SyncHandle> {
    const file = await this.folder.getFileHandle(name, { create: true });
    return file.createSyncAccessHandle();
  }

  async open(name: string): Promise<DepotWriter> {
    return new OpfsWriter(await this.#handle(name));
  }

  async blob(name: string): Promise<Blob | null> {
    try {
      return await (await this.folder.getFileHandle(name)).getFile();
    } catch (error) {
      if (error instanceof DOMException && error.name === 'NotFoundError') return null;
      throw error;
    }
  }

  async put(name: string, data: Uint8Array<ArrayBuffer>): Promise<void> {
    const writer = await this.open(name);
    try {
      await writer.truncate(0);
      await writer.append(data);
    } finally {
      await writer.close();
    }
  }

  async remove(name: string): Promise<void> {
    try {
      await this.folder.removeEntry(name);
    } catch (error) {
      if (!(error instanceof DOMException && error.name === 'NotFoundError')) throw error;
    }
  }

  async list(): Promise<readonly DepotEntry[]> {
    const entries: DepotEntry[] = [];
    for await (const [name, handle] of this.folder.entries()) {
      if (handle.kind !== 'file') continue;
      const { size } = await handle.getFile();
      entries.push({ name, bytes: size });
    }
    return entries;
  }
}

class OpfsWriter implements DepotWriter {
  #length: number;

  constructor(private readonly handle: SyncHandle) {
    this.#length = handle.getSize();
  }

  get length(): number {
    return this.#length;
  }

  append(data: Uint8Array): Promise<void> {
    let written = 0;
    try {
      while (written < data.length) {
        const count = this.handle.write(data.subarray(written), { at: this.#length + written });
        if (count === 0) throw new DepotFullError();
        written += count;
      }
    } catch (error) {
      // A part may have been written; without it the file is what it was.
      this.handle.truncate(this.#length);
      return Promise.reject(isFull(error) ? new DepotFullError('', { cause: error }) : (error as Error));
    }
    this.#length += data.length;
    return Promise.resolve();
  }

  truncate(length: number): Promise<void> {
    this.handle.truncate(length);
    this.#length = length;
    return Promise.resolve();
  }

  flush(): Promise<void> {
    this.handle.flush();
    return Promise.resolve();
  }

  close(): Promise<void> {
    this.handle.flush();
    this.handle.close();
    return Promise.resolve();
  }
}
