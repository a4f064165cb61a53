import { EndsEarly, type Field, type FieldHeader, LONGEST_HEADER, readHeader } from './protobuf';

/** Bytes `from` to `to` of a file; fewer only at its end. */
export type ReadRange = (from: number, to: number) => Promise<Uint8Array>;

/** So much is read at once. */
const WINDOW_BYTES = 64 * 1024;
/** More than names and sizes take. */
const MAX_SMALL_BYTES = 4096;

/** A file of which only windows are fetched, `maxReads` of them at most: a foreign file is not read on and on. */
export class WindowedFile {
  #window: Uint8Array = new Uint8Array(0);
  #start = 0;
  #reads = 0;

  constructor(
    readonly size: number,
    private readonly read: ReadRange,
    private readonly maxReads: number,
  ) {}

  /** Bytes `from` to `to`; fewer only at the end of the file. */
  async #bytes(from: number, to: number): Promise<Uint8Array> {
    const end = Math.min(to, this.size);
    if (from < this.#start || from > this.#start + this.#window.length) {
      this.#window = new Uint8Array(0);
      this.#start = from;
    }
    for (let next = this.#start + this.#window.length; next < end; next = this.#start + this.#window.length) {
      if (++this.#reads > this.maxReads) throw new RangeError('too many parts');
      const part = await this.read(next, next + WINDOW_BYTES);
      if (part.length === 0) throw new EndsEarly('it ends too soon');
      const rest = this.#window.subarray(from - this.#start);
      this.#window = new Uint8Array(rest.length + part.length);
      this.#window.set(rest);
      this.#window.set(part, rest.length);
      this.#start = from;
    }
    return this.#window.subarray(from - this.#start, end - this.#start);
  }

  /** The fields of the message that lies between two places, with the places of their contents in the file. */
  async *fields(from: number, to: number): AsyncGenerator<FieldHeader> {
    for (let at = from; at < to;) {
      const header = readHeader(await this.#bytes(at, at + LONGEST_HEADER), 0);
      const field = { ...header, from: at + header.from, to: at + header.to };
      if (field.to > to) throw new EndsEarly('a field is longer than the file');
      yield field;
      at = field.to;
    }
  }

  /** A field with its contents. */
  async load({ number, kind, value, from, to }: FieldHeader): Promise<Pick<Field, 'number' | 'value' | 'bytes'>> {
    if (to - from > MAX_SMALL_BYTES) throw new RangeError('a name is too long');
    return { number, value, bytes: kind === 'bytes' ? await this.#bytes(from, to) : new Uint8Array(0) };
  }
}
