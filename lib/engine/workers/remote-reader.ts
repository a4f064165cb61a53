import type { PictureReader, ReadingRequest, WordProbabilities } from '@/lib/judge';
import type { ModelLocation } from '@/lib/models';
import { WorkerClient, type WorkerLink } from '@/lib/rpc';
import { STOPPING } from './limits';
import type { ReaderMethods } from './protocol';

/** The picture reader in a worker of its own, which starts when it is first asked, and anew after a crash. */
export class RemoteReader implements PictureReader {
  readonly #worker: WorkerClient<ReaderMethods>;

  constructor(spawn: () => WorkerLink) {
    this.#worker = new WorkerClient(spawn, STOPPING);
  }

  version(model: ModelLocation, options: { readonly signal?: AbortSignal } = {}): Promise<string> {
    return this.#worker.call('version', { model }, options);
  }

  read(request: ReadingRequest, options: { readonly signal?: AbortSignal } = {}): Promise<WordProbabilities> {
    return this.#worker.call('read', request, options);
  }

  dispose(): Promise<void> {
    this.#worker.dispose();
    return Promise.resolve();
  }
}
