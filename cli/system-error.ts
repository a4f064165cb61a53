import { UsageError } from './command-line';

/** What Node throws where the operating system refuses something. */
interface SystemError {
  readonly code: string;
  readonly path?: string | undefined;
  readonly dest?: string | undefined;
}

/** A sentence about a path, and a way on. */
type Words = (path: string) => string;

const FULL: Words = (path) => `There is no room left on the disk for ${path}. Make room and give the command again.`;
const FORBIDDEN: Words = (path) =>
  `You may not read or write ${path}. Give yourself the right to, or name another place.`;
const TOO_MANY: Words = (path) =>
  `${path} cannot be opened: too many files are open. Close other programs and give the command again.`;
const UNREACHABLE: Words = () =>
  'A server could not be reached. Check its address and the connection, and give the command again.';

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
  ECONNREFUSED: UNREACHABLE,
  ECONNRESET: UNREACHABLE,
  ENOTFOUND: UNREACHABLE,
  EAI_AGAIN: UNREACHABLE,
  ETIMEDOUT: UNREACHABLE,
  EHOSTUNREACH: UNREACHABLE,
  ENETUNREACH: UNREACHABLE,
};

const OTHERWISE: Words = (path) => `The operating system does not let ${path} be used. Name another place.`;

const SYSTEM_CODE = /^E(?!RR_)[A-Z0-9_]+$/;
/** Causes of causes are looked at so far. */
const DEPTH = 8;

/** The error of the operating system that an error is, or that caused it; null where none did. */
export function systemErrorOf(error: unknown): SystemError | null {
  let at = error;
  for (let depth = 0; depth < DEPTH && at instanceof Error; depth++) {
    const { code, path, dest } = at as NodeJS.ErrnoException & { readonly dest?: string };
    if (typeof code === 'string' && SYSTEM_CODE.test(code)) return { code, path, dest };
    // A host with several addresses is tried at each.
    at = at instanceof AggregateError ? at.errors[0] : at.cause;
  }
  return null;
}

/** As Node words it: the code, what it means, the call, and the path if there is one. */
const WORDED = /\b(E[A-Z0-9]{2,30}): [^,\n]{1,200}(?:, \w{1,40}(?: '([^'\n]{1,4096})')?)?/;

/** The error of the operating system that a text repeats: errors on their way out of a thread keep no more of it. Null where there is none. */
export function systemErrorIn(text: string): SystemError | null {
  const [, code, path] = WORDED.exec(text) ?? [];
  return code === undefined ? null : { code, path };
}

/** In a sentence with the path and a way on what the operating system refused; `path` is named where the error itself names none. */
export function systemSentence({ code, path, dest }: SystemError, named = 'a file'): string {
  return (WORDS[code] ?? OTHERWISE)(dest ?? path ?? named);
}

/** Does what the operating system may refuse. @throws UsageError with the sentence about it, which names this path */
export function naming<T>(path: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    const refused = error instanceof UsageError ? null : systemErrorOf(error);
    throw refused === null ? error : new UsageError((WORDS[refused.code] ?? OTHERWISE)(path), { cause: error });
  }
}
