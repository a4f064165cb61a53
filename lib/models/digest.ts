import { sha1 } from '@noble/hashes/legacy.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import { sha256Hex } from './sha256';

/**
 * What a file must hash to: `sha256:` of its bytes, or `git:`, git's SHA-1 of a blob, which is what a repository knows about the small
 * files that it keeps outside large-file storage.
 */
export type FileDigest = `sha256:${string}` | `git:${string}`;

export const isFileDigest = (text: string): text is FileDigest => /^(sha256:[0-9a-f]{64}|git:[0-9a-f]{40})$/.test(text);

/** A digest computed piece by piece. */
export interface RunningDigest {
  update(data: Uint8Array): void;
  /** Whether what was fed so far is the file that the digest names; nothing may be fed afterwards. */
  matches(): boolean;
}

/** Begins to check a file of `bytes` bytes against its digest; in pieces, which `crypto.subtle` does not take. */
export function startDigest(expected: FileDigest, bytes: number): RunningDigest {
  const hash = expected.startsWith('git:') ? sha1.create().update(gitHeader(bytes)) : sha256.create();
  return {
    update: (data) => {
      hash.update(data);
    },
    matches: () => expected.endsWith(`:${bytesToHex(hash.digest())}`),
  };
}

/** Whether a whole file is the one that the digest names; by the browser's own code where that is faster. */
export async function hasDigest(data: Uint8Array<ArrayBuffer>, expected: FileDigest): Promise<boolean> {
  if (expected.startsWith('sha256:')) return expected === `sha256:${await sha256Hex(data)}`;
  const digest = startDigest(expected, data.length);
  digest.update(data);
  return digest.matches();
}

const gitHeader = (bytes: number) => new TextEncoder().encode(`blob ${bytes}\0`);
