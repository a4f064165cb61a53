import { ModelError, throwModelErrorIfAborted } from '@/lib/domain';
import { type FileDigest, hasDigest } from './digest';
import type { FolderFile } from './hub-files';
import type { FileSource, ReadOptions } from './sources';

/** A file at hand, and what it must be where that is known: it is checked on every whole read. */
export interface KnownFile {
  readonly blob: Blob;
  readonly digest?: FileDigest;
}

/** How much is read between two looks at the signal. */
const PIECE_BYTES = 8 * 2 ** 20;

/** Reads a model folder whose files are at hand: chosen from disk, downloaded, or in this browser's storage. Paths are relative to the folder. */
export class BlobSource implements FileSource {
  constructor(
    readonly name: string,
    private readonly files: Readonly<Record<string, KnownFile>>,
    /** Listed as parts of the folder, but not at hand. */
    private readonly elsewhere: readonly FolderFile[] = [],
  ) {}

  /** Every path in the folder. */
  paths(): string[] {
    return Object.keys(this.files);
  }

  list(): Promise<readonly FolderFile[]> {
    return Promise.resolve([
      ...Object.entries(this.files).map(([path, { blob }]) => ({ path, bytes: blob.size })),
      ...this.elsewhere,
    ]);
  }

  /** Bytes of a file, or null where there is none. */
  bytesOf(path: string): number | null {
    return this.#find(path)?.blob.size ?? null;
  }

  async read(path: string, { maxBytes, signal, onBytes }: ReadOptions): Promise<Uint8Array<ArrayBuffer>> {
    const file = this.#find(path);
    if (!file) throw new ModelError('model-missing', { file: path });
    const data = await this.#read(path, file.blob, 0, Math.min(file.blob.size, maxBytes), signal, onBytes);
    if (file.digest && data.length === file.blob.size && !(await hasDigest(data, file.digest))) {
      throw new ModelError('model-altered', { file: path, model: this.name });
    }
    throwModelErrorIfAborted(signal);
    return data;
  }

  /** Bytes `from` to `to`, unchecked: a digest is of whole files. */
  async readRange(path: string, from: number, to: number, signal?: AbortSignal): Promise<Uint8Array<ArrayBuffer>> {
    const file = this.#find(path);
    if (!file) throw new ModelError('model-missing', { file: path });
    return this.#read(path, file.blob, from, Math.min(to, file.blob.size), signal);
  }

  #find(path: string): KnownFile | undefined {
    return Object.hasOwn(this.files, path) ? this.files[path] : undefined;
  }

  async #read(
    path: string,
    blob: Blob,
    from: number,
    to: number,
    signal: AbortSignal | undefined,
    onBytes?: (bytes: number) => void,
  ): Promise<Uint8Array<ArrayBuffer>> {
    throwModelErrorIfAborted(signal);
    const data = new Uint8Array(Math.max(0, to - from));
    try {
      for (let offset = 0; offset < data.length; offset += PIECE_BYTES) {
        const end = Math.min(offset + PIECE_BYTES, data.length);
        data.set(new Uint8Array(await blob.slice(from + offset, from + end).arrayBuffer()), offset);
        throwModelErrorIfAborted(signal);
        onBytes?.(end);
      }
      return data;
    } catch (error) {
      if (error instanceof ModelError) throw error;
      // A file that was changed or taken away since it was chosen.
      throw new ModelError('model-missing', { file: path, detail: 'it cannot be read' }, { cause: error });
    }
  }
}
