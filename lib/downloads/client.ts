import { EngineError } from '@/lib/domain';
import type { RowTable } from '@/lib/models';
import { RpcClient, type WorkerLink } from '@/lib/rpc';
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
  #running: { readonly link: WorkerLink; readonly rpc: RpcClient<DownloadMethods> } | null = null;

  constructor(private readonly spawn: () => WorkerLink) {}

  get #rpc(): RpcClient<DownloadMethods> {
    if (this.#running) return this.#running.rpc;
    const link = this.spawn();
    const running = { link, rpc: new RpcClient<DownloadMethods>(link.endpoint) };
    link.onCrash((reason) => {
      running.rpc.close(new EngineError('worker-crashed', { detail: reason }));
      if (this.#running === running) this.#running = null;
    });
    this.#running = running;
    return running.rpc;
  }

  list(origin: ModelOrigin, options?: CallOptions): Promise<Listing> {
    return this.#rpc.call('list', { origin }, options);
  }

  peek(origin: ModelOrigin, file: ListedFile, options?: CallOptions): Promise<Uint8Array<ArrayBuffer>> {
    return this.#rpc.call('peek', { origin, file }, options);
  }

  states(files: readonly ListedFile[]): Promise<readonly FileState[]> {
    return this.#rpc.call('states', { files });
  }

  /** Aborting stops at once and keeps what came; the next download of the same files goes on from there. */
  download(
    model: ModelRecord,
    options: CallOptions & { readonly onProgress?: (progress: DownloadProgress) => void } = {},
  ): Promise<FilesAtHand> {
    const { signal, onProgress } = options;
    return this.#rpc.call('download', model, { signal, ...(onProgress && { onNotice: onProgress }) });
  }

  open(model: ModelRecord): Promise<FilesAtHand | null> {
    return this.#rpc.call('open', model);
  }

  check(model: ModelRecord, options?: CallOptions): Promise<readonly string[]> {
    return this.#rpc.call('check', model, options);
  }

  overview(): Promise<Overview> {
    return this.#rpc.call('overview', undefined);
  }

  async forget(origin: ModelOrigin): Promise<void> {
    await this.#rpc.call('forget', { origin });
  }

  async removeStrays(): Promise<void> {
    await this.#rpc.call('removeStrays', undefined);
  }

  rows(table: RowTable, ids: readonly number[], options?: CallOptions): Promise<Uint8Array<ArrayBuffer>> {
    return this.#rpc.call('rows', { table, ids }, options);
  }

  rowTable(
    origin: ModelOrigin,
    graph: ListedFile,
    files: readonly ListedFile[],
    options?: CallOptions,
  ): Promise<RowTable> {
    return this.#rpc.call('rowTable', { origin, graph, files }, options);
  }
}

/** The downloads of a page. The bundler needs to see the constructor call as it is. */
export const createDownloads = (): Downloads =>
  new Downloads(() => {
    const worker = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' });
    return {
      endpoint: worker,
      onCrash: (listener) => {
        worker.addEventListener('error', ({ message }) => {
          listener(message || 'the worker could not start');
        });
      },
      terminate: () => {
        worker.terminate();
      },
    };
  });
