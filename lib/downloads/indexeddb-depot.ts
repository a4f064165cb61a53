import { type Depot, type DepotEntry, DepotFullError, type DepotWriter } from './depot';
import { isFull } from './opfs-depot';

/** Never change: files stored in it would be orphaned. */
const DATABASE = 'pairscope-models';

/** A file in the database: how many pieces it has, and of how many bytes in all. */
interface FileRow {
  readonly pieces: number;
  readonly bytes: number;
}

const done = <T>(request: IDBRequest<T>): Promise<T> =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => {
      resolve(request.result);
    };
    request.onerror = () => {
      reject(request.error ?? new Error('The database failed.'));
    };
  });

const committed = (transaction: IDBTransaction): Promise<void> =>
  new Promise((resolve, reject) => {
    transaction.oncomplete = () => {
      resolve();
    };
    transaction.onabort = () => {
      const { error } = transaction;
      reject(
        isFull(error)
          ? new DepotFullError('', { cause: error })
          : (error ?? new Error('The database gave a change up.')),
      );
    };
  });

/** Keeps files in pieces in IndexedDB, for browsers and windows without the origin-private file system. A change is whole or does not happen. */
export class IndexedDbDepot implements Depot {
  readonly kind = 'indexeddb';

  private constructor(private readonly database: IDBDatabase) {}

  /** Throws where the browser has no database or forbids it. */
  static async open(factory: IDBFactory = indexedDB): Promise<IndexedDbDepot> {
    const request = factory.open(DATABASE, 1);
    request.onupgradeneeded = () => {
      request.result.createObjectStore('files');
      request.result.createObjectStore('pieces');
    };
    return new IndexedDbDepot(await done(request));
  }

  async #change(change: (files: IDBObjectStore, pieces: IDBObjectStore) => void | Promise<void>): Promise<void> {
    const transaction = this.database.transaction(['files', 'pieces'], 'readwrite');
    const end = committed(transaction);
    end.catch(() => undefined);
    await change(transaction.objectStore('files'), transaction.objectStore('pieces'));
    await end;
  }

  async #row(name: string): Promise<FileRow | undefined> {
    return (await done(this.database.transaction('files').objectStore('files').get(name))) as FileRow | undefined;
  }

  async #piece(name: string, index: number): Promise<ArrayBuffer> {
    return (await done(this.database.transaction('pieces').objectStore('pieces').get([name, index]))) as ArrayBuffer;
  }

  async open(name: string): Promise<DepotWriter> {
    let row = (await this.#row(name)) ?? { pieces: 0, bytes: 0 };
    if (row.pieces === 0) await this.#change((files) => void files.put(row, name));
    const append = async (data: Uint8Array): Promise<void> => {
      const next = { pieces: row.pieces + 1, bytes: row.bytes + data.length };
      await this.#change((files, pieces) => {
        pieces.put(data.slice().buffer, [name, row.pieces]);
        files.put(next, name);
      });
      row = next;
    };
    const truncate = async (length: number): Promise<void> => {
      let kept = { pieces: 0, bytes: 0 };
      let rest = new ArrayBuffer(0);
      while (kept.pieces < row.pieces && kept.bytes < length) {
        const piece = await this.#piece(name, kept.pieces);
        if (kept.bytes + piece.byteLength > length) {
          rest = piece.slice(0, length - kept.bytes);
          break;
        }
        kept = { pieces: kept.pieces + 1, bytes: kept.bytes + piece.byteLength };
      }
      const last = { pieces: kept.pieces + (rest.byteLength > 0 ? 1 : 0), bytes: kept.bytes + rest.byteLength };
      await this.#change((files, pieces) => {
        pieces.delete(IDBKeyRange.bound([name, kept.pieces], [name, Infinity]));
        if (rest.byteLength > 0) pieces.put(rest, [name, kept.pieces]);
        files.put(last, name);
      });
      row = last;
    };
    return {
      get length() {
        return row.bytes;
      },
      append,
      truncate,
      flush: () => Promise.resolve(),
      close: () => Promise.resolve(),
    };
  }

  async blob(name: string): Promise<Blob | null> {
    const row = await this.#row(name);
    if (!row) return null;
    const pieces: Blob[] = [];
    // Each piece becomes a blob at once, which the browser need not keep in memory.
    for (let index = 0; index < row.pieces; index++) pieces.push(new Blob([await this.#piece(name, index)]));
    return new Blob(pieces);
  }

  async put(name: string, data: Uint8Array<ArrayBuffer>): Promise<void> {
    await this.#change((files, pieces) => {
      pieces.delete(IDBKeyRange.bound([name, 0], [name, Infinity]));
      pieces.put(data.slice().buffer, [name, 0]);
      files.put({ pieces: 1, bytes: data.length }, name);
    });
  }

  async remove(name: string): Promise<void> {
    await this.#change((files, pieces) => {
      pieces.delete(IDBKeyRange.bound([name, 0], [name, Infinity]));
      files.delete(name);
    });
  }

  async list(): Promise<readonly DepotEntry[]> {
    const files = this.database.transaction('files').objectStore('files');
    const [names, rows] = await Promise.all([done(files.getAllKeys()), done(files.getAll() as IDBRequest<FileRow[]>)]);
    return names.map((name, index) => ({ name: name as string, bytes: rows[index]?.bytes ?? 0 }));
  }
}
