/** Protobuf's wire format, read and written without a schema, so that what is not understood is kept as it is. */

const VARINT = 0;
const FIXED_64 = 1;
const BYTES = 2;
const FIXED_32 = 5;

/** Negative numbers take ten bytes. */
const LONGEST_VARINT = 10;
/** The longest beginning of a field: its tag, and a number or length. */
export const LONGEST_HEADER = 2 * LONGEST_VARINT;

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** The bytes end within a field: a file that arrived in part. */
export class EndsEarly extends RangeError {
  override readonly name = 'EndsEarly';
}

/** How a field begins, and where its contents lie. */
export interface FieldHeader {
  readonly number: number;
  readonly kind: 'varint' | 'bytes' | 'fixed';
  /** Of a varint; 0 for anything else. */
  readonly value: number;
  /** Of the contents, in the message. */
  readonly from: number;
  readonly to: number;
}

/** One field of a message. */
export interface Field {
  readonly number: number;
  /** Of a varint; 0 for anything else. */
  readonly value: number;
  /** Contents of a length-delimited field; nothing for anything else. */
  readonly bytes: Uint8Array;
  /** The field as it lies in the message, with its tag. */
  readonly raw: Uint8Array;
}

const NOTHING: Uint8Array = new Uint8Array(0);

/** A number and where the next thing begins. Only signed numbers take all ten bytes. */
function readVarint(data: Uint8Array, from: number): { readonly value: number; readonly next: number } {
  let value = 0;
  for (let at = from, scale = 1; at < from + LONGEST_VARINT; at++, scale *= 128) {
    const byte = data[at];
    if (byte === undefined) throw new EndsEarly('a number is cut off');
    value += (byte & 0x7f) * scale;
    if (byte < 0x80)
      return { value: at === from + LONGEST_VARINT - 1 ? signed(data.subarray(from, at + 1)) : value, next: at + 1 };
  }
  throw new RangeError('a number is too long');
}

function signed(bytes: Uint8Array): number {
  let value = 0n;
  bytes.forEach((byte, i) => (value |= BigInt(byte & 0x7f) << BigInt(7 * i)));
  return Number(BigInt.asIntN(64, value));
}

/** The beginning of the field at `at`; its contents need not be in `data`. Throws `EndsEarly`, and RangeError where no field is. */
export function readHeader(data: Uint8Array, at: number): FieldHeader {
  const tag = readVarint(data, at);
  const number = Math.floor(tag.value / 8);
  const from = tag.next;
  switch (tag.value % 8) {
    case VARINT: {
      const { value, next } = readVarint(data, from);
      return { number, kind: 'varint', value, from, to: next };
    }
    case BYTES: {
      const { value: length, next } = readVarint(data, from);
      // Nothing may be read twice: a field always ends after its beginning.
      if (length < 0) throw new RangeError('a length is negative');
      return { number, kind: 'bytes', value: 0, from: next, to: next + length };
    }
    case FIXED_64:
      return { number, kind: 'fixed', value: 0, from, to: from + 8 };
    case FIXED_32:
      return { number, kind: 'fixed', value: 0, from, to: from + 4 };
    default:
      throw new RangeError('a field has an unknown type');
  }
}

/** The fields of a message, in their order. Throws `EndsEarly`, and RangeError where it is none. */
export function* fieldsOf(data: Uint8Array): Generator<Field, void, undefined> {
  for (let at = 0; at < data.length;) {
    const { number, kind, value, from, to } = readHeader(data, at);
    if (to > data.length) throw new EndsEarly('a field is cut off');
    yield { number, value, bytes: kind === 'bytes' ? data.subarray(from, to) : NOTHING, raw: data.subarray(at, to) };
    at = to;
  }
}

export const textOf = (bytes: Uint8Array): string => decoder.decode(bytes);

/** The contents of the last field of this number, which is the one that counts; nothing if there is none. */
export function lastOf(message: Uint8Array, wanted: number): Uint8Array {
  let last = NOTHING;
  for (const { number, bytes } of fieldsOf(message)) if (number === wanted) last = bytes;
  return last;
}

/** The float32 of a field of 32 bits. */
export const floatOf = ({ raw }: Field): number =>
  new DataView(raw.buffer, raw.byteOffset + raw.length - 4).getFloat32(0, true);

/** Repeated numbers: one of them, or several packed. */
export function numbersOf({ value, bytes }: Pick<Field, 'value' | 'bytes'>): number[] {
  if (bytes.length === 0) return [value];
  const numbers: number[] = [];
  for (let at = 0; at < bytes.length;) {
    const each = readVarint(bytes, at);
    numbers.push(each.value);
    at = each.next;
  }
  return numbers;
}

/** A message under construction, as parts that are joined once. */
export class MessageWriter {
  readonly #parts: Uint8Array[] = [];
  #length = 0;

  /** A field as it was read. */
  raw(bytes: Uint8Array): this {
    this.#parts.push(bytes);
    this.#length += bytes.length;
    return this;
  }

  varint(field: number, value: number): this {
    return this.raw(varintBytes(field * 8 + VARINT)).raw(varintBytes(value));
  }

  float(field: number, value: number): this {
    const bytes = new Uint8Array(4);
    new DataView(bytes.buffer).setFloat32(0, value, true);
    return this.raw(varintBytes(field * 8 + FIXED_32)).raw(bytes);
  }

  bytes(field: number, bytes: Uint8Array): this {
    return this.raw(varintBytes(field * 8 + BYTES))
      .raw(varintBytes(bytes.length))
      .raw(bytes);
  }

  text(field: number, text: string): this {
    return this.bytes(field, encoder.encode(text));
  }

  message(field: number, message: MessageWriter): this {
    return this.bytes(field, message.done());
  }

  done(): Uint8Array {
    const all = new Uint8Array(this.#length);
    let at = 0;
    for (const part of this.#parts) {
      all.set(part, at);
      at += part.length;
    }
    return all;
  }
}

/** Negative numbers take all 64 bits. */
function varintBytes(value: number): Uint8Array {
  const bytes: number[] = [];
  let rest = BigInt.asUintN(64, BigInt(value));
  for (; rest >= 128n; rest >>= 7n) bytes.push(Number(rest & 127n) | 128);
  bytes.push(Number(rest));
  return Uint8Array.from(bytes);
}
