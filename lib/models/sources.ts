import type { FolderFile } from './hub-files';

/** Reads the bytes of one model folder: a URL by fetch, files at hand as blobs, a directory in Node. */
export interface FileSource {
  /** For messages; the folder's last name. */
  readonly name: string;
  /**
   * All bytes of one file. Reads at most `maxBytes` and reports decoded bytes as they come; `fresh` passes by caches on the way.
   * Throws `model-missing`, `network` or `aborted`; does not judge the contents.
   */
  read(path: string, options: ReadOptions): Promise<Uint8Array<ArrayBuffer>>;
  /** Bytes `from` to `to` of a file, fewer at its end, unchecked, where the source can give parts. Throws as `read` does. */
  readRange?(path: string, from: number, to: number, signal?: AbortSignal): Promise<Uint8Array<ArrayBuffer>>;
  /** Every file in the folder, where the source can tell; a URL cannot. Empty for a folder that is not there. */
  list?(): Promise<readonly FolderFile[]>;
}

export interface ReadOptions {
  readonly maxBytes: number;
  readonly signal?: AbortSignal | undefined;
  readonly fresh?: boolean;
  readonly onBytes?: ((bytes: number) => void) | undefined;
}
