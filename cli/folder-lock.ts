import { randomUUID } from 'node:crypto';
import { constants, copyFileSync, linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import * as z from '@/lib/schema';
import { UsageError } from './command-line';
import { readPlain } from './plain-files';
import { naming } from './system-error';

const NAME = 'run.lock';

const holderSchema = z.object({
  pid: z.number().check(z.int(), z.gte(1)),
  host: z.string(),
  /** When the process began, where the system tells: numbers of processes are used again. */
  began: z.nullable(z.string()),
});
type Holder = z.infer<typeof holderSchema>;

/** When a process began, in the system's own ticks; null where that cannot be known. */
function beginningOf(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name of the program, in parentheses, may hold spaces; the 22nd field is the 20th behind it.
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? null;
  } catch {
    return null;
  }
}

const self = (): Holder => ({ pid: process.pid, host: hostname(), began: beginningOf(process.pid) });

const isSame = (one: Holder, other: Holder): boolean =>
  one.pid === other.pid && one.host === other.host && one.began === other.began;

/** Whether the process that wrote a lock still runs. That of another computer on the same disk is taken to. */
function isAlive(holder: Holder): boolean {
  if (holder.host !== hostname()) return true;
  if (holder.pid === process.pid) return isSame(holder, self());
  try {
    process.kill(holder.pid, 0);
  } catch (error) {
    if ((error as { readonly code?: string }).code === 'ESRCH') return false;
  }
  const began = beginningOf(holder.pid);
  return began === null || holder.began === null || began === holder.began;
}

/** Who wrote a lock; null for none, and for what nobody wrote to its end. */
function holderOf(path: string): Holder | null {
  const parsed = z.parseJson(readPlain(path) ?? '', holderSchema);
  return parsed.ok ? parsed.value : null;
}

const assertFree = (folder: string, path: string, holder: Holder | null): void => {
  if (holder === null || !isAlive(holder)) return;
  const where = holder.host === hostname() ? '' : ` on ${holder.host}`;
  throw new UsageError(
    `Another process (${holder.pid}${where}) is drawing in ${folder}: wait until it ends, or choose another --out. If there is no such process, remove ${path}.`,
  );
};

const codeOf = (error: unknown): unknown => (error as { readonly code?: unknown }).code;

/** Puts a file at a path where nothing is, whole from the first moment; false where something is. */
function place(file: string, path: string): boolean {
  try {
    try {
      linkSync(file, path);
    } catch (error) {
      if (codeOf(error) === 'EEXIST') return false;
      // A disk without hard links.
      copyFileSync(file, path, constants.COPYFILE_EXCL);
    }
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    throw error;
  }
}

/** Takes a lock away that a dead process left. What another process put there in the meantime is put back. */
function clear(folder: string, path: string, aside: string): void {
  try {
    renameSync(path, aside);
  } catch (error) {
    // Another process was quicker.
    if (codeOf(error) === 'ENOENT') return;
    throw error;
  }
  try {
    assertFree(folder, path, holderOf(aside));
  } catch (error) {
    place(aside, path);
    throw error;
  } finally {
    rmSync(aside, { force: true });
  }
}

/**
 * Holds a folder against other processes, by a file in it that names this one; that of a process which has died is taken over.
 * Returns how to let go. @throws UsageError where another process holds it
 */
export function lockFolder(folder: string): () => void {
  const path = join(folder, NAME);
  const own = self();
  const unique = `${path}.${randomUUID()}`;
  return naming(folder, () => {
    writeFileSync(unique, `${JSON.stringify(own)}\n`, { flag: 'wx' });
    try {
      for (;;) {
        assertFree(folder, path, holderOf(path));
        if (place(unique, path)) break;
        clear(folder, path, `${unique}.old`);
      }
    } finally {
      rmSync(unique, { force: true });
    }
    return () => {
      try {
        const holder = holderOf(path);
        if (holder !== null && isSame(holder, own)) rmSync(path);
      } catch {
        // What is in its place is not this process's; and a lock that stays is taken over once this process has ended.
      }
    };
  });
}
