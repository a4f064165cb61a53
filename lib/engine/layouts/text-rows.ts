/** The number that 16 bits stand for (IEEE 754 binary16). */
export function fromHalf(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 31;
  const fraction = bits & 1023;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction === 0 ? sign * Infinity : NaN;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

/** A table of text embeddings as it lies in its file: little-endian, row by row. */
export class TextRows {
  constructor(
    private readonly bytes: Uint8Array,
    private readonly type: 'float32' | 'float16',
    readonly columns: number,
  ) {}

  /** One row as float32. */
  row(id: number): Float32Array {
    const size = this.columns * (this.type === 'float16' ? 2 : 4);
    // A copy begins where typed arrays may begin.
    const { buffer } = this.bytes.slice(id * size, (id + 1) * size);
    return this.type === 'float16' ? Float32Array.from(new Uint16Array(buffer), fromHalf) : new Float32Array(buffer);
  }
}
