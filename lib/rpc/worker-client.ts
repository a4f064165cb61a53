import { EngineError, type ErrorCode, throwIfAborted } from '@/lib/domain';
import { type CallOptions, type MethodsOf, RpcClient } from './rpc';
import { createWatch, type Watch } from './watch';
import { NOT_STARTED, type WorkerLink } from './worker-link';

interface Running<M extends MethodsOf<M>> {
  readonly link: WorkerLink;
  readonly rpc: RpcClient<M>;
}

export interface WorkerClientOptions {
  /** How long a worker may take to end a call that was given up, milliseconds; one that takes longer is ended. Without it, it may take for ever. */
  readonly patienceMs?: number;
}

/** Running out of memory ends a worker, too, and another one would run out of it as well. */
const OUT_OF_MEMORY = /out of memory/i;

const codeOf = (detail: string): ErrorCode =>
  detail === NOT_STARTED ? 'worker-missing' : OUT_OF_MEMORY.test(detail) ? 'out-of-memory' : 'worker-crashed';

/**
 * Calls into a worker that starts when it is first needed. One that crashes is terminated, fails its calls with `worker-crashed`, and is replaced at
 * the next call; the new one knows nothing of what the old one held. So is one that goes on with what was given up, or does not answer at all. Errors of
 * handlers keep their class, code and data.
 */
export class WorkerClient<M extends MethodsOf<M>> {
  #running: Running<M> | null = null;
  #disposed = false;
  /** Calls that were given up and not ended yet. */
  readonly #ending = new Set<Promise<void>>();

  /** `spawn` starts a worker, the first one as well as every later one. */
  constructor(
    private readonly spawn: () => WorkerLink,
    private readonly options: WorkerClientOptions = {},
  ) {}

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
    const running: Running<M> = {
      link,
      rpc: new RpcClient<M>(link.endpoint, (ended) => {
        this.#awaitEnd(running, ended);
      }),
    };
    link.onCrash((detail) => {
      this.#end(running, new EngineError(codeOf(detail), { detail }));
    });
    this.#running = running;
    return running.rpc;
  }

  /**
   * The same once the worker has ended what was given up, or was replaced because it did not: what is called now is not in line behind that. Throws `disposed`
   * or `aborted`.
   */
  async ready(signal?: AbortSignal): Promise<RpcClient<M>> {
    while (this.#ending.size > 0 && !this.#disposed) {
      await settledOrAborted([...this.#ending], signal);
      throwIfAborted(signal);
    }
    return this.start();
  }

  /** A clock for what the worker does next; when time is up, the worker is ended. */
  watch(): Watch {
    return createWatch(() => {
      this.restart();
    });
  }

  /** Rejects with what the handler threw, or `worker-crashed`, `aborted`, `disposed`. */
  async call<K extends keyof M>(
    method: K,
    request: M[K]['request'],
    options?: CallOptions<M[K]['notice']>,
  ): Promise<M[K]['reply']> {
    return (await this.ready(options?.signal)).call(method, request, options);
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

  /** Gives the worker some time to end what was given up. */
  #awaitEnd(running: Running<M>, ended: Promise<void>): void {
    const { patienceMs } = this.options;
    if (patienceMs === undefined) return;
    const timer = setTimeout(() => {
      this.#end(running, new EngineError('worker-crashed', { detail: 'it did not stop' }));
    }, patienceMs);
    this.#ending.add(ended);
    void ended.then(() => {
      clearTimeout(timer);
      this.#ending.delete(ended);
    });
  }

  #end(running: Running<M>, error: EngineError): void {
    if (this.#running === running) this.#running = null;
    running.link.terminate();
    running.rpc.close(error);
  }
}

/** Once all have settled, or the signal is aborted. */
async function settledOrAborted(all: readonly Promise<void>[], signal: AbortSignal | undefined): Promise<void> {
  let onAbort: () => void = () => undefined;
  const aborted = new Promise<void>((resolve) => {
    onAbort = resolve;
    signal?.addEventListener('abort', onAbort, { once: true });
    if (signal?.aborted) resolve();
  });
  await Promise.race([Promise.all(all), aborted]);
  signal?.removeEventListener('abort', onAbort);
}
