import { UsageError } from './command-line';

/** What Node throws where the operating system refuses something. */
interface SystemError extends Error {
  readonly code: string;
  readonly syscall: string;
  readonly path?: string;
  readonly dest?: string;
}

const isSystemError = (error: unknown): error is SystemError =>
  error instanceof Error &&
  typeof (error as Partial<SystemError>).code === 'string' &&
  typeof (error as Partial<SystemError>).syscall === 'string';

/** A sentence about a path, and a way on. */
type Words = (path: string) => string;

const FULL: Words = (path) => `There is no room left on the disk for ${path}. Make room and give the command again.`;
const FORBIDDEN: Words = (path) =>
  `${path} may not be used by you in this way. Give yourself the right to read and write it, or name another place.`;
const TOO_MANY: Words = (path) =>
  `${path} cannot be opened: too many files are open. Close other programs and give the command again.`;

const WORDS: Readonly<Record<string, Words>> = {
  ENOENT: (path) => `There is no file or folder ${path}. Check how it is spelled.`,
  EACCES: FORBIDDEN,
  EPERM: FORBIDDEN,
  EROFS: (path) => `${path} is on a disk that can only be read. Name another place.`,
  ENOSPC: FULL,
  EDQUOT: FULL,
  EFBIG: FULL,
  EISDIR: (path) => `${path} is a folder, and a file is needed there. Name another place, or move the folder away.`,
  ENOTDIR: (path) => `${path} leads through a file as if that were a folder. Check how it is spelled.`,
  EEXIST: (path) => `${path} is there already and is no folder. Name another place.`,
  ENOTEMPTY: (path) => `${path} is a folder with files in it, and a file is needed there. Move the folder away.`,
  ELOOP: (path) => `${path} leads through symbolic links that cannot be followed. Name the place itself.`,
  ENAMETOOLONG: (path) => `${path} is too long a name for this disk. Name a shorter one.`,
  EMFILE: TOO_MANY,
  ENFILE: TOO_MANY,
  EBUSY: (path) => `${path} is in use by another program. Close it and give the command again.`,
  EIO: (path) => `The disk failed at ${path}. Name a place on another disk.`,
  ENXIO: (path) => `${path} is no file that can be read or written. Name another place.`,
};

const OTHERWISE: Words = (path) => `The operating system does not let ${path} be used. Name another place.`;

/** What the operating system refused, in a sentence with the path and a way on; null for other errors. */
export function systemSentence(error: unknown, path?: string): string | null {
  if (!isSystemError(error)) return null;
  return (WORDS[error.code] ?? OTHERWISE)(path ?? error.dest ?? error.path ?? 'a file');
}

/** Does what may be refused by the operating system. @throws UsageError with the sentence about it, which names this path */
export function naming<T>(path: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    const sentence = systemSentence(error, path);
    throw sentence === null ? error : new UsageError(sentence, { cause: error });
  }
}
