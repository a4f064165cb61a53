import { ModelError } from '@/lib/domain';
import type { FolderFile } from './hub-files';

/** A pointer of git-lfs is shorter than this, by its specification. */
const MAX_POINTER_BYTES = 1024;
const BEGINNING = new TextEncoder().encode('version https://git-lfs.github.com/spec/');

/** True of a file that only says where git-lfs keeps another one. */
export const isLfsPointer = (data: Uint8Array): boolean =>
  data.length <= MAX_POINTER_BYTES && BEGINNING.every((byte, i) => data[i] === byte);

/** Throws `model-pointer` for contents that are a pointer of git-lfs in place of the file. */
export function assertNoPointer(data: Uint8Array, file: string): void {
  if (isLfsPointer(data)) throw new ModelError('model-pointer', { file });
}

/**
 * Throws `model-pointer` if one of the files is a pointer of git-lfs, before anything large is read: of files that are too long for that, none is. A file of no
 * bytes at all is `model-truncated`.
 */
export async function assertNoPointers(
  files: readonly FolderFile[],
  read: (path: string) => Promise<Uint8Array>,
): Promise<void> {
  for (const { path, bytes } of files) {
    if (bytes > MAX_POINTER_BYTES) continue;
    assertNoPointer(await read(path), path);
    if (bytes === 0) throw new ModelError('model-truncated', { file: path });
  }
}
