import { Sha256, sha256Hex, toHex } from './sha256';

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

/** Begins to check a file of `bytes` bytes against its digest. */
export function startDigest(expected: FileDigest, bytes: number): RunningDigest {
  const hash = expected.startsWith('git:') ? new Sha1().update(gitHeader(bytes)) : new Sha256();
  return {
    update: (data) => {
      hash.update(data);
    },
    matches: () => expected.endsWith(`:${toHex(hash.digest())}`),
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

const rotate = (x: number, by: number) => (x << by) | (x >>> (32 - by));

/** SHA-1 (FIPS 180-4), for git's names of files; those are small, so plain code does. */
class Sha1 {
  readonly #state = Int32Array.of(0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0);
  readonly #schedule = new Int32Array(80);
  #pending = new Uint8Array(0);
  #length = 0;

  update(data: Uint8Array): this {
    this.#length += data.length;
    const all = new Uint8Array(this.#pending.length + data.length);
    all.set(this.#pending);
    all.set(data, this.#pending.length);
    const end = all.length - (all.length % 64);
    this.#blocks(all, end);
    this.#pending = all.slice(end);
    return this;
  }

  digest(): Uint8Array {
    const held = this.#pending.length;
    const last = new Uint8Array(held < 56 ? 64 : 128);
    last.set(this.#pending);
    last[held] = 0x80;
    const view = new DataView(last.buffer);
    view.setUint32(last.length - 8, Math.floor(this.#length / 2 ** 29));
    view.setUint32(last.length - 4, (this.#length << 3) >>> 0);
    this.#blocks(last, last.length);
    const out = new Uint8Array(20);
    const outView = new DataView(out.buffer);
    this.#state.forEach((value, i) => {
      outView.setInt32(4 * i, value);
    });
    return out;
  }

  #blocks(data: Uint8Array, end: number): void {
    const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
    const w = this.#schedule;
    const hash = this.#state;
    for (let block = 0; block < end; block += 64) {
      for (let i = 0; i < 16; i++) w[i] = view.getInt32(block + 4 * i);
      for (let i = 16; i < 80; i++) w[i] = rotate(w[i - 3]! ^ w[i - 8]! ^ w[i - 14]! ^ w[i - 16]!, 1);
      let [a, b, c, d, e] = hash as unknown as [number, number, number, number, number];
      for (let i = 0; i < 80; i++) {
        const [f, k] =
          i < 20
            ? [(b & c) | (~b & d), 0x5a827999]
            : i < 40
              ? [b ^ c ^ d, 0x6ed9eba1]
              : i < 60
                ? [(b & c) | (b & d) | (c & d), 0x8f1bbcdc]
                : [b ^ c ^ d, 0xca62c1d6];
        const next = (rotate(a, 5) + f + e + k + w[i]!) | 0;
        e = d;
        d = c;
        c = rotate(b, 30);
        b = a;
        a = next;
      }
      [a, b, c, d, e].forEach((value, i) => {
        hash[i] = hash[i]! + value;
      });
    }
  }
}
