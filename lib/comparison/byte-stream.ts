/** Thrown inside the codec where bytes end too early or cannot be what a writer wrote. */
export class MalformedBytes extends Error {
  override readonly name = 'MalformedBytes';
}

/** Appends bytes, then bits (most significant first). */
export class ByteWriter {
  private buffer = new Uint8Array(512);
  private length = 0;
  private bitBuffer = 0;
  private bitCount = 0;

  byte(value: number): void {
    if (this.length === this.buffer.length) {
      const larger = new Uint8Array(this.buffer.length * 2);
      larger.set(this.buffer);
      this.buffer = larger;
    }
    this.buffer[this.length++] = value;
  }

  bytes(values: Uint8Array): void {
    for (const value of values) this.byte(value);
  }

  /** LEB128 of an integer 0 ... 2^32 - 1. */
  varint(value: number): void {
    let rest = value;
    while (rest >= 0x80) {
      this.byte((rest % 0x80) | 0x80);
      rest = Math.floor(rest / 0x80);
    }
    this.byte(rest);
  }

  uint32(value: number): void {
    for (let shift = 24; shift >= 0; shift -= 8) this.byte((value >>> shift) & 0xff);
  }

  float32(value: number): void {
    const view = new DataView(new ArrayBuffer(4));
    view.setFloat32(0, value);
    this.uint32(view.getUint32(0));
  }

  bits(value: number, count: number): void {
    for (let bit = count - 1; bit >= 0; bit--) {
      this.bitBuffer = (this.bitBuffer << 1) | ((value >>> bit) & 1);
      if (++this.bitCount === 8) this.flushBits();
    }
  }

  /** Fills the last byte with zero bits. */
  finish(): Uint8Array {
    if (this.bitCount > 0) {
      this.bitBuffer <<= 8 - this.bitCount;
      this.flushBits();
    }
    return this.buffer.slice(0, this.length);
  }

  private flushBits(): void {
    this.byte(this.bitBuffer);
    this.bitBuffer = 0;
    this.bitCount = 0;
  }
}

/** Reads what ByteWriter wrote. @throws MalformedBytes */
export class ByteReader {
  private position = 0;
  private bitBuffer = 0;
  private bitCount = 0;

  constructor(private readonly source: Uint8Array) {}

  get remaining(): number {
    return this.source.length - this.position;
  }

  byte(): number {
    const value = this.source[this.position++];
    if (value === undefined) throw new MalformedBytes('the bytes end too early');
    return value;
  }

  bytes(count: number): Uint8Array {
    if (count > this.remaining) throw new MalformedBytes('the bytes end too early');
    this.position += count;
    return this.source.subarray(this.position - count, this.position);
  }

  varint(): number {
    let value = 0;
    for (let factor = 1, index = 0; index < 5; index++, factor *= 0x80) {
      const byte = this.byte();
      value += (byte & 0x7f) * factor;
      if (byte < 0x80) {
        if (value > 0xffffffff) break;
        return value;
      }
    }
    throw new MalformedBytes('a number is too large');
  }

  uint32(): number {
    let value = 0;
    for (let i = 0; i < 4; i++) value = value * 256 + this.byte();
    return value;
  }

  float32(): number {
    const view = new DataView(new ArrayBuffer(4));
    view.setUint32(0, this.uint32());
    return view.getFloat32(0);
  }

  bits(count: number): number {
    let value = 0;
    for (let i = 0; i < count; i++) {
      if (this.bitCount === 0) {
        this.bitBuffer = this.byte();
        this.bitCount = 8;
      }
      value = (value << 1) | ((this.bitBuffer >>> --this.bitCount) & 1);
    }
    return value;
  }
}
