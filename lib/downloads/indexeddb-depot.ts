import { type DBSchema, type IDBPDatabase, type IDBPObjectStore, openDB } from 'idb';
import { type Depot, type DepotEntry, DepotFullError, type DepotWriter } from './depot';
import { isFull } from './opfs-depot';

/** Never change: files stored in it would be orphaned. */
const DATABASE = 'pairscope-models';

/** A file in the database: how many pieces it has, and of how many bytes in all. */
interface FileRow {
  readonly pieces: number;
  readonly bytes: number;
}

interface Schema extends DBSchema {
  readonly files: { readonly key: string; readonly value: FileRow };
  /** By the file's name and the piece's index. */
  readonly pieces: { readonly key: [string, number]; readonly value: ArrayBuffer };
}

type Stored<Name extends 'files' | 'pieces'> = IDBPObjectStore<Schema, ('files' | 'pieces')[], Name, 'readwrite'>;

/** All pieces of a file from this one on. */
const piecesFrom = (name: string, index: number): IDBKeyRange => IDBKeyRange.bound([name, index], [name, Infinity]);

/** Keeps files in pieces in IndexedDB, for browsers and windows without the origin-private file system. A change is whole or does not happen. */
export class IndexedDbDepot implements Depot {
  readonly kind = 'indexeddb';

  private constructor(private readonly database: IDBPDatabase<Schema>) {}

  /** Throws where the browser has no database or forbids it. */
  static async open(): Promise<IndexedDbDepot> {
    const database = await openDB<Schema>(DATABASE, 1, {
      upgrade: (created) => {
        created.createObjectStore('files');
        created.createObjectStore('pieces');
      },
    });
    return new IndexedDbDepot(database);
  }

  async #change(
    change: (files: Stored<'files'>, pieces: Stored<'pieces'>) => readonly Promise<unknown>[],
  ): Promise<void> {
    const transaction = this.database.transaction(['files', 'pieces'], 'readwrite');
    // A request that fails ends the whole transaction, which knows why.
    void Promise.allSettled(change(transaction.objectStore('files'), transaction.objectStore('pieces')));
    try {
      await transaction.done;
    } catch (error) {
      throw isFull(error) ? new DepotFullError('', { cause: error }) : error;
    }
  }

  async #piece(name: string, index: number): Promise<ArrayBuffer> {
    const piece = await this.database.get('pieces', [name, index]);
    if (!piece) throw new Error(`The database has lost piece ${index} of ${name}.`);
    return piece;
  }

  async open(name: string): Promise<DepotWriter> {
    let row = (await this.database.get('files', name)) ?? { pieces: 0, bytes: 0 };
    if (row.pieces === 0) await this.#change((files) => [files.put(row, name)]);
    const append = async (data: Uint8Array): Promise<void> => {
      const next = { pieces: row.pieces + 1, bytes: row.bytes + data.length };
      await this.#change((files, pieces) => [
        pieces.put(data.slice().buffer, [name, row.pieces]),
        files.put(next, name),
      ]);
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
      await this.#change((files, pieces) => [
        pieces.delete(piecesFrom(name, kept.pieces)),
        ...(rest.byteLength > 0 ? [pieces.put(rest, [name, kept.pieces])] : []),
        files.put(last, name),
      ]);
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
    const row = await this.database.get('files', name);
    if (!row) return null;
    const pieces: Blob[] = [];
    // Each piece becomes a blob at once, which the browser need not keep in memory.
    for (let index = 0; index < row.pieces; index++) pieces.push(new Blob([await this.#piece(name, index)]));
    return new Blob(pieces);
  }

  async put(name: string, data: Uint8Array<ArrayBuffer>): Promise<void> {
    await this.#change((files, pieces) => [
      pieces.delete(piecesFrom(name, 0)),
      pieces.put(data.slice().buffer, [name, 0]),
      files.put({ pieces: 1, bytes: data.length }, name),
    ]);
  }

  async remove(name: string): Promise<void> {
    await this.#change((files, pieces) => [pieces.delete(piecesFrom(name, 0)), files.delete(name)]);
  }

  async list(): Promise<readonly DepotEntry[]> {
    const files = this.database.transaction('files').store;
    const [names, rows] = await Promise.all([files.getAllKeys(), files.getAll()]);
    return names.map((name, index) => ({ name, bytes: rows[index]?.bytes ?? 0 }));
  }
}
