const INITIAL = Int32Array.from(fractions(8, (p) => Math.sqrt(p)));
const ROUND = Int32Array.from(fractions(64, (p) => Math.cbrt(p)));

/** The first 32 fractional bits of a root of each of the first primes, as the standard defines its constants. */
function fractions(count: number, root: (prime: number) => number): Uint32Array {
  const out = new Uint32Array(count);
  let found = 0;
  for (let n = 2; found < count; n++) {
    let prime = true;
    for (let d = 2; d * d <= n; d++) if (n % d === 0) prime = false;
    if (prime) out[found++] = Math.floor((root(n) % 1) * 2 ** 32);
  }
  return out;
}

const rotate = (x: number, by: number) => (x >>> by) | (x << (32 - by));

/** SHA-256 (FIPS 180-4) in plain code, fed piece by piece: `crypto.subtle` takes whole messages only, and is missing without a secure context. */
export class Sha256 {
  readonly #state = INITIAL.slice();
  readonly #schedule = new Int32Array(64);
  readonly #pending = new Uint8Array(64);
  #length = 0;

  update(data: Uint8Array): this {
    const held = this.#length % 64;
    this.#length += data.length;
    let offset = 0;
    if (held > 0) {
      offset = Math.min(64 - held, data.length);
      this.#pending.set(data.subarray(0, offset), held);
      if (held + offset < 64) return this;
      this.#blocks(this.#pending, 0, 64);
    }
    const end = data.length - ((data.length - offset) % 64);
    this.#blocks(data, offset, end);
    this.#pending.set(data.subarray(end));
    return this;
  }

  /** The hash of everything so far, 32 bytes; nothing may be added afterwards. */
  digest(): Uint8Array {
    const held = this.#length % 64;
    const last = new Uint8Array(held < 56 ? 64 : 128);
    last.set(this.#pending.subarray(0, held));
    last[held] = 0x80;
    const view = new DataView(last.buffer);
    view.setUint32(last.length - 8, Math.floor(this.#length / 2 ** 29));
    view.setUint32(last.length - 4, (this.#length << 3) >>> 0);
    this.#blocks(last, 0, last.length);
    const out = new Uint8Array(32);
    const outView = new DataView(out.buffer);
    this.#state.forEach((value, i) => {
      outView.setUint32(4 * i, value);
    });
    return out;
  }

  #blocks(data: Uint8Array, from: number, to: number): void {
    const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
    const hash = this.#state;
    const w = this.#schedule;
    for (let block = from; block < to; block += 64) {
      for (let i = 0; i < 16; i++) w[i] = view.getInt32(block + 4 * i);
      for (let i = 16; i < 64; i++) {
        const x = w[i - 15]!;
        const y = w[i - 2]!;
        const s0 = rotate(x, 7) ^ rotate(x, 18) ^ (x >>> 3);
        const s1 = rotate(y, 17) ^ rotate(y, 19) ^ (y >>> 10);
        w[i] = (w[i - 16]! + s0 + w[i - 7]! + s1) | 0;
      }
      let a = hash[0]!;
      let b = hash[1]!;
      let c = hash[2]!;
      let d = hash[3]!;
      let e = hash[4]!;
      let f = hash[5]!;
      let g = hash[6]!;
      let h = hash[7]!;
      for (let i = 0; i < 64; i++) {
        const t1 = (h + (rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25)) + ((e & f) ^ (~e & g)) + ROUND[i]! + w[i]!) | 0;
        const t2 = ((rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22)) + ((a & b) ^ (a & c) ^ (b & c))) | 0;
        h = g;
        g = f;
        f = e;
        e = (d + t1) | 0;
        d = c;
        c = b;
        b = a;
        a = (t1 + t2) | 0;
      }
      hash[0]! += a;
      hash[1]! += b;
      hash[2]! += c;
      hash[3]! += d;
      hash[4]! += e;
      hash[5]! += f;
      hash[6]! += g;
      hash[7]! += h;
    }
  }
}

/** The hash of a whole message in plain code. */
export const sha256InCode = (data: Uint8Array): Uint8Array => new Sha256().update(data).digest();

/** Lower-case hexadecimal. */
export const toHex = (bytes: Uint8Array): string =>
  Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');

/** Lower-case hexadecimal SHA-256. */
export async function sha256Hex(data: Uint8Array<ArrayBuffer>): Promise<string> {
  const subtle = (globalThis.crypto as Crypto | undefined)?.subtle;
  return toHex(subtle ? new Uint8Array(await subtle.digest('SHA-256', data)) : sha256InCode(data));
}
