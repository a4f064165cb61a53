/** Files that a command reads and writes in a folder of its own: nothing goes through a symbolic link, and a file is whole or not there. */
import {
  accessSync,
  closeSync,
  constants,
  lstatSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, resolve } from 'node:path';
import { UsageError } from './command-line';
import { naming, systemErrorOf } from './system-error';

/** What is at a path, without following a link there. */
export type Kind = 'none' | 'file' | 'folder' | 'link' | 'other';

export function kindOf(path: string): Kind {
  const stat = naming(path, () => lstatSync(path, { throwIfNoEntry: false }));
  if (stat === undefined) return 'none';
  if (stat.isSymbolicLink()) return 'link';
  return stat.isFile() ? 'file' : stat.isDirectory() ? 'folder' : 'other';
}

/** Whether there is a file. @throws UsageError where there is something else, which would lead out of the folder or never end */
export function hasPlainFile(path: string): boolean {
  const kind = kindOf(path);
  if (kind === 'none' || kind === 'file') return kind === 'file';
  throw new UsageError(
    kind === 'link'
      ? `${path} is a symbolic link, and nothing is read or written through one. Remove the link, or choose another --out.`
      : `${path} is no file. Move it away, or choose another --out.`,
  );
}

/** Makes a folder that the person named, which may be a link to one, and sees that it can be written to. @throws UsageError */
export function makeFolder(path: string): void {
  if (path.trim() === '') throw new UsageError('--out needs the name of a folder.');
  const isFolder = (at: string): boolean => statSync(at, { throwIfNoEntry: false })?.isDirectory() ?? false;
  // Node's own `recursive` never ends where a parent refuses what it holds, as /proc does.
  const make = (at: string): void => {
    if (isFolder(at)) return;
    const parent = dirname(at);
    if (parent !== at) make(parent);
    try {
      mkdirSync(at);
    } catch (error) {
      if (systemErrorOf(error)?.code !== 'ENOENT') throw error;
      throw new UsageError(`${path} cannot be made there. Name another place.`, { cause: error });
    }
  };
  naming(path, () => {
    make(resolve(path));
    accessSync(path, constants.W_OK | constants.X_OK);
  });
}

/** The bytes of a file; null where there is none. @throws UsageError */
export const readPlain = (path: string): Buffer | null =>
  hasPlainFile(path) ? naming(path, () => readFileSync(path)) : null;

/** Puts a file there, whole, in place of what was there; a link is replaced, not followed. @throws UsageError */
export function writeWhole(path: string, data: string | Uint8Array): void {
  const part = `${path}.part`;
  naming(path, () => {
    rmSync(part, { force: true });
    try {
      writeFileSync(part, data, { flag: 'wx' });
      renameSync(part, path);
    } catch (error) {
      rmSync(part, { force: true });
      throw error;
    }
  });
}

/** Adds to a file's end. @throws UsageError */
export function appendPlain(path: string, line: string): void {
  hasPlainFile(path);
  const { O_WRONLY, O_CREAT, O_APPEND, O_NOFOLLOW = 0 } = constants;
  naming(path, () => {
    const file = openSync(path, O_WRONLY | O_CREAT | O_APPEND | O_NOFOLLOW, 0o666);
    try {
      writeFileSync(file, line);
    } finally {
      closeSync(file);
    }
  });
}
