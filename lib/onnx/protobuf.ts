/** Protobuf's wire format, read and written without a schema, so that what is not understood is kept as it is. */

const VARINT = 0;
const FIXED_64 = 1;
const BYTES = 2;
const FIXED_32 = 5;

const encoder = new TextEncoder();
const decoder = new TextDecoder();

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

/** Negative numbers take ten bytes. */
const LONGEST = 10;

function readVarint(data: Uint8Array, from: number): { readonly value: number; readonly next: number } {
  let value = 0;
  for (let at = from, scale = 1; at < data.length && at < from + LONGEST; at++, scale *= 128) {
    const byte = data[at] as number;
    value += (byte & 0x7f) * scale;
    if (byte < 0x80)
      return { value: at === from + LONGEST - 1 ? signed(data.subarray(from, at + 1)) : value, next: at + 1 };
  }
  throw new RangeError('a number is cut off');
}

function signed(bytes: Uint8Array): number {
  let value = 0n;
  bytes.forEach((byte, i) => (value |= BigInt(byte & 0x7f) << BigInt(7 * i)));
  return Number(BigInt.asIntN(64, value));
}

/** The fields of a message, in their order. Throws RangeError where it is none. */
export function* fieldsOf(data: Uint8Array): Generator<Field, void, undefined> {
  for (let at = 0; at < data.length;) {
    const tag = readVarint(data, at);
    const start = at;
    let value = 0;
    let bytes = NOTHING;
    switch (tag.value % 8) {
      case VARINT:
        ({ value, next: at } = readVarint(data, tag.next));
        break;
      case BYTES: {
        const length = readVarint(data, tag.next);
        at = length.next + length.value;
        bytes = data.subarray(length.next, at);
        break;
      }
      case FIXED_64:
        at = tag.next + 8;
        break;
      case FIXED_32:
        at = tag.next + 4;
        break;
      default:
        throw new RangeError('a field has an unknown type');
    }
    if (at > data.length) throw new RangeError('a field is cut off');
    yield { number: Math.floor(tag.value / 8), value, bytes, raw: data.subarray(start, at) };
  }
}

export const textOf = (bytes: Uint8Array): string => decoder.decode(bytes);

/** The float32 of a field of 32 bits. */
export const floatOf = ({ raw }: Field): number =>
  new DataView(raw.buffer, raw.byteOffset + raw.length - 4).getFloat32(0, true);

/** Repeated numbers: one of them, or several packed. */
export function numbersOf({ value, bytes }: Field): number[] {
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
