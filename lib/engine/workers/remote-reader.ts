import { EngineError } from '@/lib/domain';
import type { PictureReader, ReadingRequest, WordProbabilities } from '@/lib/judge';
import type { ModelLocation } from '@/lib/models';
import { RpcClient, type WorkerLink } from '@/lib/rpc';
import type { ReaderMethods } from './protocol';

/** The reader in a worker of its own, which starts when it is first asked, and anew after it has died. */
export class WorkerReader implements PictureReader {
  #running: { readonly link: WorkerLink; readonly rpc: RpcClient<ReaderMethods> } | null = null;

  constructor(private readonly spawn: () => WorkerLink) {}

  get #rpc(): RpcClient<ReaderMethods> {
    if (this.#running) return this.#running.rpc;
    const link = this.spawn();
    const running = { link, rpc: new RpcClient<ReaderMethods>(link.endpoint) };
    link.onCrash((detail) => {
      if (this.#running === running) this.#running = null;
      link.terminate();
      running.rpc.close(new EngineError('worker-crashed', { detail }));
    });
    this.#running = running;
    return running.rpc;
  }

  version(model: ModelLocation, options: { readonly signal?: AbortSignal } = {}): Promise<string> {
    return this.#rpc.call('version', { model }, options);
  }

  read(request: ReadingRequest, options: { readonly signal?: AbortSignal } = {}): Promise<WordProbabilities> {
    return this.#rpc.call('read', request, options);
  }

  dispose(): Promise<void> {
    const running = this.#running;
    this.#running = null;
    running?.rpc.close(new EngineError('disposed'));
    running?.link.terminate();
    return Promise.resolve();
  }
}
