import { ModelError, throwModelErrorIfAborted } from '@/lib/domain';
import {
  type FileDigest,
  isFileDigest,
  type KnownFile,
  type RunningDigest,
  sha256Hex,
  startDigest,
  type TextByRows,
} from '@/lib/models';
import * as z from '@/lib/schema';
import { type Depot, type DepotEntry, type DepotWriter, MemoryDepot } from './depot';
import { isSafePath, type ListedFile } from './listing';
import { fileUrl, type ModelOrigin } from './origin';
import type { Sink } from './transfer';

/** How much of a file is here. */
export interface FileState {
  readonly state: 'whole' | 'part' | 'none';
  readonly bytes: number;
}

/** A model that was asked for: which files of which origin it consists of. */
export interface ModelRecord {
  readonly origin: ModelOrigin;
  readonly files: readonly ListedFile[];
  /** In place of the file with the text embeddings, where a person chose so. */
  readonly text?: TextByRows | undefined;
}

const originSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('hub'), endpoint: z.string(), id: z.string(), revision: z.string() }),
  z.object({ kind: z.literal('url'), url: z.string() }),
]);
const count = z.number().check(z.int(), z.gte(0));
const path = z.string().check(z.refine(isSafePath));
const fileSchema = z.object({
  path,
  bytes: count,
  digest: z.custom<FileDigest>((value) => typeof value === 'string' && isFileDigest(value)),
});
const tableSchema = z.object({
  path,
  url: z.string(),
  offset: count,
  rows: count,
  columns: count,
  type: z.enum(['float32', 'float16']),
});
const recordSchema = z
  .object({
    origin: originSchema,
    files: z.array(fileSchema),
    text: z.optional(z.object({ graph: fileSchema, table: tableSchema })),
  })
  .check(z.refine(({ origin, text }) => !text || text.table.url === fileUrl(origin, text.table.path)));

/** A record written as JSON; null if the text is none. */
export function readRecord(text: string): ModelRecord | null {
  const parsed = z.parseJson(text, recordSchema);
  return parsed.ok ? parsed.value : null;
}

/** Files are named by their contents, so the same file of two revisions or models is stored once. */
const dataName = ({ digest }: Pick<ListedFile, 'digest'>): string => digest.replace(':', '-');
/** There once the file was whole and right. */
const sealName = (file: Pick<ListedFile, 'digest'>): string => `${dataName(file)}.ok`;
const RECORD = /^model-[0-9a-f]{16}\.json$/;

const recordName = async (origin: ModelOrigin): Promise<string> => {
  const text = JSON.stringify(origin.kind === 'hub' ? [origin.endpoint, origin.id, origin.revision] : [origin.url]);
  return `model-${(await sha256Hex(new TextEncoder().encode(text))).slice(0, 16)}.json`;
};

/** So much is written at once, and read at once for a digest. */
const PIECE_BYTES = 4 * 2 ** 20;

/** Verified model files and parts of files, on disk where the browser allows it and otherwise in memory. */
export class ModelStore {
  /** What did not fit on disk; lasts as long as the page's worker. */
  readonly #memory = new MemoryDepot();
  /** Took a file and does not have it: a browser whose disk is full may say so too late. */
  #diskFails = false;

  constructor(
    readonly depot: Depot,
    /** Arriving bytes are collected to this size before they are written. */
    private readonly pieceBytes = PIECE_BYTES,
  ) {}

  /** Whether files stay after the page is closed. */
  get lasting(): boolean {
    return this.depot.kind !== 'memory';
  }

  async state(file: ListedFile): Promise<FileState> {
    if (await this.blob(file)) return { state: 'whole', bytes: file.bytes };
    const part = await this.depot.blob(dataName(file));
    return part && part.size > 0
      ? { state: 'part', bytes: Math.min(part.size, file.bytes) }
      : { state: 'none', bytes: 0 };
  }

  /** A file that was verified when it came; null if it is not here as a whole. */
  async blob(file: ListedFile): Promise<Blob | null> {
    for (const depot of [this.#memory, this.depot]) {
      if (!(await depot.blob(sealName(file)))) continue;
      const blob = await depot.blob(dataName(file));
      if (blob?.size === file.bytes) return blob;
    }
    return null;
  }

  /** Continues a file where it ended. What is there is read again for the digest; `onVerify` hears how far that is. */
  async continue(
    file: ListedFile,
    signal: AbortSignal | undefined,
    onVerify?: (bytes: number) => void,
  ): Promise<PartialFile> {
    return PartialFile.open(
      file,
      { disk: this.#diskFails ? this.#memory : this.depot, memory: this.#memory, pieceBytes: this.pieceBytes },
      signal,
      onVerify,
    );
  }

  /** Gives the disk up after it lost a file that it had taken; everything goes on in memory. */
  async giveDiskUp(file: ListedFile): Promise<void> {
    this.#diskFails = true;
    await this.remove(file).catch(() => undefined);
  }

  async remove(file: Pick<ListedFile, 'digest'>): Promise<void> {
    for (const depot of [this.#memory, this.depot]) {
      // The seal first: a crash between the two must not leave a seal on something else.
      await depot.remove(sealName(file));
      await depot.remove(dataName(file));
    }
  }

  /** Reads a stored file again and removes it if it is not what it was; false then. */
  async check(file: ListedFile, signal: AbortSignal | undefined): Promise<boolean> {
    const blob = await this.blob(file);
    if (!blob) return false;
    const digest = startDigest(file.digest, file.bytes);
    await feed(digest, blob, signal);
    if (digest.matches()) return true;
    await this.remove(file);
    return false;
  }

  async records(): Promise<readonly ModelRecord[]> {
    const records: ModelRecord[] = [];
    for (const { name } of await this.depot.list()) {
      if (!RECORD.test(name)) continue;
      const record = await this.#record(name);
      if (record) records.push(record);
      // Written halfway; the files it meant are found by their digests when the model is asked for again.
      else await this.depot.remove(name);
    }
    return records;
  }

  async #record(name: string): Promise<ModelRecord | null> {
    return readRecord((await (await this.depot.blob(name))?.text()) ?? '');
  }

  /** Remembers a model and its files, beside files remembered before; false if there is no room even for that. */
  async remember({ origin, files, text }: ModelRecord): Promise<boolean> {
    const name = await recordName(origin);
    const before = (await this.#record(name))?.files ?? [];
    const paths = new Set(files.map((file) => file.path));
    const all = [...before.filter((file) => !paths.has(file.path)), ...files];
    // The whole table is better than its rows.
    const byRows = text && !all.some((file) => file.path === text.graph.path);
    const record: ModelRecord = { origin, files: all, ...(byRows && { text }) };
    try {
      await this.depot.put(name, new TextEncoder().encode(JSON.stringify(record)));
      return true;
    } catch {
      return false;
    }
  }

  /** Forgets a model, and removes those of its files that no other model has. */
  async forget(origin: ModelOrigin): Promise<void> {
    const name = await recordName(origin);
    const files = (await this.#record(name))?.files ?? [];
    await this.depot.remove(name);
    const needed = new Set((await this.records()).flatMap((record) => record.files.map(dataName)));
    for (const file of files) if (!needed.has(dataName(file))) await this.remove(file);
  }

  /** Files and parts of files that no remembered model has. */
  async strays(): Promise<readonly DepotEntry[]> {
    const known = new Set(
      (await this.records()).flatMap(({ files }) => files.flatMap((file) => [dataName(file), sealName(file)])),
    );
    return (await this.depot.list()).filter(({ name }) => !RECORD.test(name) && !known.has(name));
  }

  async removeStrays(): Promise<void> {
    for (const { name } of await this.strays()) await this.depot.remove(name);
  }
}

/** Feeds a blob to a digest in pieces. */
async function feed(
  digest: RunningDigest,
  blob: Blob,
  signal: AbortSignal | undefined,
  onBytes?: (bytes: number) => void,
): Promise<void> {
  for (let offset = 0; offset < blob.size; offset += PIECE_BYTES) {
    throwModelErrorIfAborted(signal);
    const end = Math.min(offset + PIECE_BYTES, blob.size);
    digest.update(new Uint8Array(await blob.slice(offset, end).arrayBuffer()));
    onBytes?.(end);
  }
}

/** Where a file on its way may be written, and in pieces of which size. */
interface Places {
  readonly disk: Depot;
  readonly memory: MemoryDepot;
  readonly pieceBytes: number;
}

/** A file on its way: written to disk as long as that takes it, then in memory; hashed as it comes. */
export class PartialFile implements Sink {
  #digest: RunningDigest;
  #closed = false;
  /** Not written yet. */
  #pieces: Uint8Array[] = [];
  #pieceBytes = 0;

  private constructor(
    private readonly file: ListedFile,
    private readonly places: Places,
    private writer: DepotWriter,
    digest: RunningDigest,
    /** False once the file is kept in memory only. */
    private onDisk: boolean,
  ) {
    this.#digest = digest;
  }

  static async open(
    file: ListedFile,
    places: Places,
    signal: AbortSignal | undefined,
    onVerify?: (bytes: number) => void,
  ): Promise<PartialFile> {
    const { disk, memory } = places;
    const digest = startDigest(file.digest, file.bytes);
    const name = dataName(file);
    let part = await disk.blob(name);
    if (part && part.size > file.bytes) part = null;
    if (part) await feed(digest, part, signal, onVerify);
    let writer: DepotWriter | null = null;
    try {
      writer = await disk.open(name);
      if (writer.length !== (part?.size ?? 0)) await writer.truncate(part?.size ?? 0);
      return new PartialFile(file, places, writer, digest, disk.kind !== 'memory');
    } catch {
      // A full disk can refuse even an empty file.
      await writer?.close();
      const spilled = await memory.open(name);
      await spilled.truncate(0);
      if (part) await copy(part, spilled);
      return new PartialFile(file, places, spilled, digest, false);
    }
  }

  get length(): number {
    return this.writer.length + this.#pieceBytes;
  }

  /** Whether the file stays after the page is closed, as far as one knows now. */
  get lasting(): boolean {
    return this.onDisk;
  }

  async append(data: Uint8Array): Promise<void> {
    this.#digest.update(data);
    this.#pieces.push(data);
    this.#pieceBytes += data.length;
    if (this.#pieceBytes >= this.places.pieceBytes) await this.#write();
  }

  /** Writes what was collected; if the disk takes no more, everything goes on in memory. */
  async #write(): Promise<void> {
    const piece = new Uint8Array(this.#pieceBytes);
    let offset = 0;
    for (const data of this.#pieces) {
      piece.set(data, offset);
      offset += data.length;
    }
    this.#pieces = [];
    this.#pieceBytes = 0;
    if (piece.length === 0) return;
    try {
      await this.writer.append(piece);
    } catch (error) {
      if (!this.onDisk)
        throw new ModelError(
          'model-missing',
          { file: this.file.path, detail: 'it cannot be kept in memory' },
          { cause: error },
        );
      await this.#spill();
      await this.writer.append(piece);
    }
  }

  /** Copies the part on disk to memory, because another tab may go on with that part. It stays there for the next visit. */
  async #spill(): Promise<void> {
    const name = dataName(this.file);
    const { length } = this.writer;
    await this.writer.close().catch(() => undefined);
    const part = await this.places.disk.blob(name);
    this.writer = await this.places.memory.open(name);
    this.onDisk = false;
    await this.writer.truncate(0);
    if (part) await copy(part.slice(0, length), this.writer);
  }

  async restart(): Promise<void> {
    this.#digest = startDigest(this.file.digest, this.file.bytes);
    this.#pieces = [];
    this.#pieceBytes = 0;
    await this.writer.truncate(0);
  }

  /** Whether the file is whole and right; it is then sealed, and stays. Nothing may be appended afterwards, unless it was wrong and was restarted. */
  async finish(): Promise<boolean> {
    await this.#write();
    if (this.writer.length !== this.file.bytes || !this.#digest.matches()) return false;
    await this.writer.flush();
    const { disk, memory } = this.places;
    const depot = this.onDisk || disk.kind === 'memory' ? disk : memory;
    try {
      await depot.put(sealName(this.file), new Uint8Array(0));
    } catch {
      // No room even for that: the file is checked again when it is next asked for, and used from memory now.
      await this.#spill();
      await memory.put(sealName(this.file), new Uint8Array(0));
    }
    return true;
  }

  /** Keeps what came for the next time. */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    try {
      await this.#write();
    } finally {
      await this.writer.close();
    }
  }
}

async function copy(from: Blob, to: DepotWriter): Promise<void> {
  for (let offset = 0; offset < from.size; offset += PIECE_BYTES) {
    await to.append(new Uint8Array(await from.slice(offset, offset + PIECE_BYTES).arrayBuffer()));
  }
}

/** Files at hand, with the digests that they are checked against whenever they are read. */
export const knownFiles = (blobs: ReadonlyMap<ListedFile, Blob>): Record<string, KnownFile> =>
  Object.fromEntries([...blobs].map(([{ path, digest }, blob]) => [path, { blob, digest }]));
