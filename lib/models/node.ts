import { constants, open, readdir, stat } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { ModelError, throwModelErrorIfAborted } from '@/lib/domain';
import type { FolderFile } from './hub-files';
import type { FileSource, ReadOptions } from './sources';

/** A pipe without a writer is opened, too, instead of waited for; not every system has such files. */
const READ_AT_ONCE = constants.O_RDONLY | ((constants as { readonly O_NONBLOCK?: number }).O_NONBLOCK ?? 0);

/** A model's folder holds fewer files, and none that lie deeper. */
const MAX_FILES = 2000;
const MAX_DEPTH = 3;

/** Why a file could not be opened: it is not there, or is not for this person. */
function openingFailed(file: string, cause: unknown): ModelError {
  const { code = '' } = cause as NodeJS.ErrnoException;
  if (code === 'ENOENT' || code === 'ENOTDIR') return new ModelError('model-missing', { file }, { cause });
  const detail = code === 'EACCES' || code === 'EPERM' ? 'you may not read it' : 'the system does not open it';
  return new ModelError('model-damaged', { file, detail }, { cause });
}

/** Reads a model folder from disk. Node only, and so not part of this folder's index. */
export class DirectorySource implements FileSource {
  readonly name: string;

  constructor(private readonly path: string) {
    this.name = basename(resolve(path));
  }

  /** Everything but what is hidden, such as git's own files; weights may lie in folders beside or below the graphs'. */
  async list(): Promise<readonly FolderFile[]> {
    const files: FolderFile[] = [];
    const folders = [
      { path: '', depth: 0 },
      { path: 'onnx/', depth: 1 },
    ];
    for (const { path: folder, depth } of folders) {
      for (const name of await readdir(join(this.path, folder)).catch(() => [])) {
        const path = `${folder}${name}`;
        const found =
          name.startsWith('.') || path === 'onnx' ? null : await stat(join(this.path, path)).catch(() => null);
        if (found?.isDirectory() && depth < MAX_DEPTH) folders.push({ path: `${path}/`, depth: depth + 1 });
        if (found && !found.isDirectory() && files.length < MAX_FILES) files.push({ path, bytes: found.size });
      }
    }
    return files;
  }

  read(path: string, { maxBytes, signal, onBytes }: ReadOptions): Promise<Uint8Array<ArrayBuffer>> {
    return this.#read(path, 0, maxBytes, signal, onBytes);
  }

  readRange(path: string, from: number, to: number, signal?: AbortSignal): Promise<Uint8Array<ArrayBuffer>> {
    return this.#read(path, from, to, signal);
  }

  async #read(
    path: string,
    from: number,
    to: number,
    signal: AbortSignal | undefined,
    onBytes?: (bytes: number) => void,
  ): Promise<Uint8Array<ArrayBuffer>> {
    throwModelErrorIfAborted(signal);
    const file = await open(join(this.path, path), READ_AT_ONCE).catch((cause: unknown) => {
      throw openingFailed(path, cause);
    });
    try {
      const found = await file.stat();
      if (!found.isFile()) throw new ModelError('model-damaged', { file: path, detail: 'it is no ordinary file' });
      const { size } = found;
      const data = new Uint8Array(Math.max(0, Math.min(size, to) - from));
      let length = 0;
      while (length < data.length) {
        const { bytesRead } = await file.read(data, length, data.length - length, from + length);
        if (bytesRead === 0) break;
        length += bytesRead;
        throwModelErrorIfAborted(signal);
        onBytes?.(length);
      }
      return data.subarray(0, length);
    } catch (error) {
      if (error instanceof ModelError) throw error;
      throw new ModelError('model-damaged', { file: path, detail: 'the disk does not give it' }, { cause: error });
    } finally {
      await file.close();
    }
  }
}
