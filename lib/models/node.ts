import { open, readdir, stat } from 'node:fs/promises';
import { basename, join, relative, resolve, sep } from 'node:path';
import { ModelError, throwModelErrorIfAborted } from '@/lib/domain';
import type { FolderFile } from './hub-files';
import type { FileSource, ReadOptions } from './sources';

/** Reads a model folder from disk. Node only, and so not part of this folder's index. */
export class DirectorySource implements FileSource {
  readonly name: string;

  constructor(private readonly path: string) {
    this.name = basename(resolve(path));
  }

  async list(): Promise<readonly FolderFile[]> {
    const files: FolderFile[] = [];
    // Model folders are flat but for `onnx/`; whatever lies deeper is no part of them.
    for (const folder of ['', 'onnx']) {
      for (const entry of await readdir(join(this.path, folder), { withFileTypes: true }).catch(() => [])) {
        const path = join(this.path, folder, entry.name);
        const { size } = entry.isDirectory() ? { size: 0 } : await stat(path).catch(() => ({ size: 0 }));
        if (!entry.isDirectory()) files.push({ path: relative(this.path, path).split(sep).join('/'), bytes: size });
      }
    }
    return files;
  }

  async read(path: string, { maxBytes, signal, onBytes }: ReadOptions): Promise<Uint8Array<ArrayBuffer>> {
    throwModelErrorIfAborted(signal);
    const file = await open(join(this.path, path)).catch((cause: unknown) => {
      throw new ModelError('model-missing', { file: path }, { cause });
    });
    try {
      const { size } = await file.stat();
      const data = new Uint8Array(Math.min(size, maxBytes));
      let length = 0;
      while (length < data.length) {
        const { bytesRead } = await file.read(data, length, data.length - length, length);
        if (bytesRead === 0) break;
        length += bytesRead;
        throwModelErrorIfAborted(signal);
        onBytes?.(length);
      }
      return data.subarray(0, length);
    } catch (error) {
      if (error instanceof ModelError) throw error;
      throw new ModelError('model-missing', { file: path, detail: 'it cannot be read' }, { cause: error });
    } finally {
      await file.close();
    }
  }
}
