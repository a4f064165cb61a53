import { EngineError } from '@/lib/domain';
import { type CallOptions, type MethodsOf, RpcClient } from './rpc';
import type { WorkerLink } from './worker-link';

interface Running<M extends MethodsOf<M>> {
  readonly link: WorkerLink;
  readonly rpc: RpcClient<M>;
}

/**
 * Calls into a worker that starts when it is first needed. One that crashes is terminated, fails its calls with `worker-crashed`, and is replaced at
 * the next call; the new one knows nothing of what the old one held. Errors of handlers keep their class, code and data.
 */
export class WorkerClient<M extends MethodsOf<M>> {
  #running: Running<M> | null = null;
  #disposed = false;

  /** `spawn` starts a worker, the first one as well as every later one. */
  constructor(private readonly spawn: () => WorkerLink) {}

  /** The connection to the worker that runs now, another one for each worker; null where none runs. */
  get running(): RpcClient<M> | null {
    return this.#running?.rpc ?? null;
  }

  get disposed(): boolean {
    return this.#disposed;
  }

  /** The connection to the worker that runs now, which is started where none runs. Throws `disposed`. */
  start(): RpcClient<M> {
    if (this.#disposed) throw new EngineError('disposed');
    if (this.#running) return this.#running.rpc;
    const link = this.spawn();
    const running = { link, rpc: new RpcClient<M>(link.endpoint) };
    link.onCrash((detail) => {
      this.#end(running, new EngineError('worker-crashed', { detail }));
    });
    this.#running = running;
    return running.rpc;
  }

  /** Rejects with what the handler threw, or `worker-crashed`, `aborted`, `disposed`. */
  async call<K extends keyof M>(
    method: K,
    request: M[K]['request'],
    options?: CallOptions<M[K]['notice']>,
  ): Promise<M[K]['reply']> {
    return this.start().call(method, request, options);
  }

  /** Ends the worker, if one runs: its calls fail with `worker-crashed`, and the next one starts another. */
  restart(): void {
    if (this.#running) this.#end(this.#running, new EngineError('worker-crashed'));
  }

  /** Ends the worker for good: its calls and all later ones fail with `disposed`. */
  dispose(): void {
    this.#disposed = true;
    if (this.#running) this.#end(this.#running, new EngineError('disposed'));
  }

  #end(running: Running<M>, error: EngineError): void {
    if (this.#running === running) this.#running = null;
    running.link.terminate();
    running.rpc.close(error);
  }
}
