import type { RowTable } from '@/lib/models';
import { link, WorkerClient, type WorkerLink } from '@/lib/rpc';
import type { ListedFile, Listing } from './listing';
import type { ModelOrigin } from './origin';
import type { DownloadProgress } from './progress';
import type { DownloadMethods, FilesAtHand, Overview } from './service';
import type { FileState, ModelRecord } from './store';

interface CallOptions {
  readonly signal?: AbortSignal | undefined;
}

/** Downloads and stored models, as the page asks for them; the work is done in a worker that starts when it is first needed. Errors are `EngineError`s. */
export class Downloads {
  readonly #worker: WorkerClient<DownloadMethods>;

  constructor(spawn: () => WorkerLink) {
    this.#worker = new WorkerClient(spawn);
  }

  list(origin: ModelOrigin, options?: CallOptions): Promise<Listing> {
    return this.#worker.call('list', { origin }, options);
  }

  peek(origin: ModelOrigin, file: ListedFile, options?: CallOptions): Promise<Uint8Array<ArrayBuffer>> {
    return this.#worker.call('peek', { origin, file }, options);
  }

  states(files: readonly ListedFile[]): Promise<readonly FileState[]> {
    return this.#worker.call('states', { files });
  }

  /** Aborting stops at once and keeps what came; the next download of the same files goes on from there. */
  download(
    model: ModelRecord,
    options: CallOptions & { readonly onProgress?: (progress: DownloadProgress) => void } = {},
  ): Promise<FilesAtHand> {
    const { signal, onProgress } = options;
    return this.#worker.call('download', model, { signal, ...(onProgress && { onNotice: onProgress }) });
  }

  open(model: ModelRecord): Promise<FilesAtHand | null> {
    return this.#worker.call('open', model);
  }

  check(model: ModelRecord, options?: CallOptions): Promise<readonly string[]> {
    return this.#worker.call('check', model, options);
  }

  overview(): Promise<Overview> {
    return this.#worker.call('overview', undefined);
  }

  async forget(origin: ModelOrigin): Promise<void> {
    await this.#worker.call('forget', { origin });
  }

  async removeStrays(): Promise<void> {
    await this.#worker.call('removeStrays', undefined);
  }

  rows(table: RowTable, ids: readonly number[], options?: CallOptions): Promise<Uint8Array<ArrayBuffer>> {
    return this.#worker.call('rows', { table, ids }, options);
  }

  rowTable(
    origin: ModelOrigin,
    graph: ListedFile,
    files: readonly ListedFile[],
    options?: CallOptions,
  ): Promise<RowTable> {
    return this.#worker.call('rowTable', { origin, graph, files }, options);
  }
}

/** The downloads of a page. The bundler needs to see the constructor call as it is. */
export const createDownloads = (): Downloads =>
  new Downloads(() => link(new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' })));
