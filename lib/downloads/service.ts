import { ModelError } from '@/lib/domain';
import { hasDigest, type KnownFile, type RowTable } from '@/lib/models';
import type { Depot } from './depot';
import { download } from './download';
import { type ListedFile, type Listing, listModel } from './listing';
import type { Locks } from './locks';
import { fileUrl, type ModelOrigin } from './origin';
import type { DownloadProgress } from './progress';
import { bodyOf, type Net, request } from './request';
import { findRowTable, RowFetcher } from './rows';
import { type FileState, knownFiles, type ModelRecord, ModelStore } from './store';

/** Files at hand by their paths, and whether they stay after the page is closed. */
export interface FilesAtHand {
  readonly files: Readonly<Record<string, KnownFile>>;
  readonly lasting: boolean;
}

/** A model in storage. */
export interface StoredModel extends ModelRecord {
  /** For each of its files, in the same order. */
  readonly states: readonly FileState[];
}

export interface Overview {
  readonly kind: Depot['kind'];
  readonly models: readonly StoredModel[];
  /** Of files that belong to no model any more. */
  readonly strayBytes: number;
}

/** The methods of a download worker. */
export interface DownloadMethods {
  list: { request: { readonly origin: ModelOrigin }; notice: never; chunk: never; reply: Listing };
  /** A small file, for a look before anything is downloaded; checked against the listing. */
  peek: {
    request: { readonly origin: ModelOrigin; readonly file: ListedFile };
    notice: never;
    chunk: never;
    reply: Uint8Array<ArrayBuffer>;
  };
  states: {
    request: { readonly files: readonly ListedFile[] };
    notice: never;
    chunk: never;
    reply: readonly FileState[];
  };
  download: { request: ModelRecord; notice: DownloadProgress; chunk: never; reply: FilesAtHand };
  /** Files in storage; null unless all of them are there. */
  open: { request: ModelRecord; notice: never; chunk: never; reply: FilesAtHand | null };
  /** Reads stored files again, removes those that are damaged, and returns their paths. */
  check: { request: ModelRecord; notice: never; chunk: never; reply: readonly string[] };
  overview: { request: undefined; notice: never; chunk: never; reply: Overview };
  forget: { request: { readonly origin: ModelOrigin }; notice: never; chunk: never; reply: undefined };
  removeStrays: { request: undefined; notice: never; chunk: never; reply: undefined };
  rowTable: {
    request: { readonly origin: ModelOrigin; readonly graph: ListedFile; readonly files: readonly ListedFile[] };
    notice: never;
    chunk: never;
    reply: RowTable;
  };
  /** Rows of a table with these ids, one after another, as stored; each is fetched once. */
  rows: {
    request: { readonly table: RowTable; readonly ids: readonly number[] };
    notice: never;
    chunk: never;
    reply: Uint8Array<ArrayBuffer>;
  };
}

const MAX_PEEK_BYTES = 2 ** 20;

/** What a download worker does, wherever it runs. */
export class DownloadService {
  readonly #store: ModelStore;
  readonly #fetchers = new Map<string, RowFetcher>();

  constructor(
    depot: Depot,
    private readonly locks: Locks,
    private readonly net: Omit<Net, 'signal'>,
  ) {
    this.#store = new ModelStore(depot);
  }

  list(origin: ModelOrigin, signal?: AbortSignal): Promise<Listing> {
    return listModel(origin, { ...this.net, signal });
  }

  async peek(origin: ModelOrigin, file: ListedFile, signal?: AbortSignal): Promise<Uint8Array<ArrayBuffer>> {
    const what = { file: file.path };
    if (file.bytes > MAX_PEEK_BYTES) throw new ModelError('model-damaged', { ...what, detail: 'it is far too long' });
    const stored = await this.#store.blob(file);
    if (stored) return new Uint8Array(await stored.arrayBuffer());
    const response = await request(
      fileUrl(origin, file.path),
      { ...this.net, signal },
      { what, refused: () => new ModelError('model-missing', what) },
    );
    const data = await bodyOf(response, what, signal);
    if (data.length !== file.bytes || !(await hasDigest(data, file.digest)))
      throw new ModelError('model-altered', what);
    return data;
  }

  states(files: readonly ListedFile[]): Promise<readonly FileState[]> {
    return Promise.all(files.map((file) => this.#store.state(file)));
  }

  async download(
    model: ModelRecord,
    signal?: AbortSignal,
    onProgress?: (progress: DownloadProgress) => void,
  ): Promise<FilesAtHand> {
    const { blobs, lasting } = await download(model, {
      store: this.#store,
      locks: this.locks,
      net: { ...this.net, signal },
      ...(onProgress && { onProgress }),
    });
    return { files: knownFiles(blobs), lasting };
  }

  async open({ files }: ModelRecord): Promise<FilesAtHand | null> {
    const blobs = new Map<ListedFile, Blob>();
    for (const file of files) {
      const blob = await this.#store.blob(file);
      if (!blob) return null;
      blobs.set(file, blob);
    }
    return { files: knownFiles(blobs), lasting: this.#store.lasting };
  }

  async check({ files }: ModelRecord, signal?: AbortSignal): Promise<readonly string[]> {
    const damaged: string[] = [];
    for (const file of files) if (!(await this.#store.check(file, signal))) damaged.push(file.path);
    return damaged;
  }

  async overview(): Promise<Overview> {
    const models: StoredModel[] = [];
    for (const record of await this.#store.records())
      models.push({ ...record, states: await this.states(record.files) });
    const strays = await this.#store.strays();
    return { kind: this.#store.depot.kind, models, strayBytes: strays.reduce((sum, { bytes }) => sum + bytes, 0) };
  }

  forget(origin: ModelOrigin): Promise<void> {
    return this.#store.forget(origin);
  }

  removeStrays(): Promise<void> {
    return this.#store.removeStrays();
  }

  rows(table: RowTable, ids: readonly number[], signal?: AbortSignal): Promise<Uint8Array<ArrayBuffer>> {
    const key = JSON.stringify(table);
    const fetcher = this.#fetchers.get(key) ?? new RowFetcher(table, this.net);
    this.#fetchers.set(key, fetcher);
    return fetcher.rows(ids, signal);
  }

  rowTable(
    origin: ModelOrigin,
    graph: ListedFile,
    files: readonly ListedFile[],
    signal?: AbortSignal,
  ): Promise<RowTable> {
    return findRowTable(origin, graph, files, { ...this.net, signal });
  }
}
