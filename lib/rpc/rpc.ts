import { EngineError, fromWire, toWire, type WireError } from '@/lib/domain';
import type { Endpoint } from './endpoint';
import { holdLife, type LiveRequest } from './life';

/** What one method exchanges: a request, any number of notices, chunks (only when pulled), and one reply. */
export interface Method {
  readonly request: unknown;
  readonly notice: unknown;
  readonly chunk: unknown;
  readonly reply: unknown;
}

export type MethodsOf<M> = { [K in keyof M]: Method };

type Call<M extends MethodsOf<M>> = {
  [K in keyof M]: { readonly kind: 'call'; readonly id: number; readonly method: K; readonly request: M[K]['request'] };
}[keyof M];

/** Messages to the worker. `pull` asks for one more chunk of a stream; `cancel` gives a call up; `live` asks it to show that it lives. */
export type ToWorker<M extends MethodsOf<M>> =
  | Call<M>
  | { readonly kind: 'pull'; readonly id: number }
  | { readonly kind: 'cancel'; readonly id: number }
  | LiveRequest;

/** Messages from the worker; each answers the call of that id. */
export type FromWorker<M extends MethodsOf<M>> =
  | {
      [K in keyof M]:
        | { readonly kind: 'notice'; readonly id: number; readonly method: K; readonly notice: M[K]['notice'] }
        | { readonly kind: 'chunk'; readonly id: number; readonly method: K; readonly chunk: M[K]['chunk'] }
        | { readonly kind: 'reply'; readonly id: number; readonly method: K; readonly reply: M[K]['reply'] };
    }[keyof M]
  | { readonly kind: 'error'; readonly id: number; readonly error: WireError };

export interface CallOptions<N> {
  readonly signal?: AbortSignal | undefined;
  readonly onNotice?: (notice: N) => void;
}

interface Listener {
  receive(message: { readonly kind: string; readonly [member: string]: unknown }): void;
  fail(error: EngineError): void;
}

/** Chunks asked for and not yet taken; so much may be computed ahead of the consumer. */
const CHUNKS_AHEAD = 2;

export class RpcClient<M extends MethodsOf<M>> {
  readonly #listeners = new Map<number, Listener>();
  /** Calls that were given up, and that the worker has not ended yet. */
  readonly #givenUp = new Map<number, () => void>();
  #nextId = 1;
  #closed: EngineError | null = null;

  /** `onGiveUp` hears of each call that is given up; the promise resolves once the worker has ended it, too, or is gone. */
  constructor(
    private readonly endpoint: Endpoint,
    private readonly onGiveUp: (ended: Promise<void>) => void = () => undefined,
  ) {
    endpoint.addEventListener('message', ({ data }) => {
      const message = data as FromWorker<M>;
      this.#listeners.get(message.id)?.receive(message);
      if (message.kind === 'reply' || message.kind === 'error') this.#ended(message.id);
    });
  }

  #ended(id: number): void {
    this.#givenUp.get(id)?.();
    this.#givenUp.delete(id);
  }

  #giveUp(id: number): void {
    if (this.#closed || this.#givenUp.has(id)) return;
    this.onGiveUp(new Promise((resolve) => this.#givenUp.set(id, resolve)));
    this.#post({ kind: 'cancel', id });
  }

  /** Fails every call under way, and every later one, with `error`. */
  close(error: EngineError): void {
    this.#closed ??= error;
    for (const listener of [...this.#listeners.values()]) listener.fail(error);
    this.#listeners.clear();
    for (const id of [...this.#givenUp.keys()]) this.#ended(id);
  }

  #open(listener: Listener): number {
    if (this.#closed) throw this.#closed;
    const id = this.#nextId++;
    this.#listeners.set(id, listener);
    return id;
  }

  #post(message: ToWorker<M>): void {
    if (!this.#closed) this.endpoint.postMessage(message);
  }

  async call<K extends keyof M>(
    method: K,
    request: M[K]['request'],
    { signal, onNotice }: CallOptions<M[K]['notice']> = {},
  ): Promise<M[K]['reply']> {
    if (signal?.aborted) throw new EngineError('aborted');
    let onAbort: (() => void) | undefined;
    let id = 0;
    try {
      return await new Promise<M[K]['reply']>((resolve, reject) => {
        id = this.#open({
          receive: (message) => {
            if (message.kind === 'notice') onNotice?.(message.notice);
            else if (message.kind === 'reply') resolve(message.reply);
            else if (message.kind === 'error') reject(fromWire(message.error as WireError));
          },
          fail: reject,
        });
        onAbort = () => {
          this.#giveUp(id);
          reject(new EngineError('aborted'));
        };
        signal?.addEventListener('abort', onAbort, { once: true });
        this.#post({ kind: 'call', id, method, request } as unknown as ToWorker<M>);
      });
    } finally {
      this.#listeners.delete(id);
      if (onAbort) signal?.removeEventListener('abort', onAbort);
    }
  }

  /** The chunks of a streaming method. Ending the iteration early, or aborting, cancels it in the worker. */
  async *stream<K extends keyof M>(
    method: K,
    request: M[K]['request'],
    { signal }: { readonly signal?: AbortSignal | undefined } = {},
  ): AsyncGenerator<M[K]['chunk'], void, undefined> {
    if (signal?.aborted) throw new EngineError('aborted');
    const chunks: { readonly chunk: M[K]['chunk'] }[] = [];
    const state: { ended: boolean; error: EngineError | null; wake: () => void } = {
      ended: false,
      error: null,
      wake: () => undefined,
    };
    const end = (error: EngineError | null) => {
      state.ended = true;
      state.error = error;
      state.wake();
    };
    const id = this.#open({
      receive: (message) => {
        if (message.kind === 'chunk') {
          chunks.push({ chunk: message.chunk });
          state.wake();
        } else if (message.kind === 'reply') end(null);
        else if (message.kind === 'error') end(fromWire(message.error as WireError));
      },
      fail: end,
    });
    const onAbort = () => {
      this.#giveUp(id);
      chunks.length = 0;
      end(new EngineError('aborted'));
    };
    signal?.addEventListener('abort', onAbort, { once: true });
    try {
      this.#post({ kind: 'call', id, method, request } as unknown as ToWorker<M>);
      for (let i = 0; i < CHUNKS_AHEAD; i++) this.#post({ kind: 'pull', id });
      for (;;) {
        const next = chunks.shift();
        if (next) {
          this.#post({ kind: 'pull', id });
          yield next.chunk;
        } else if (state.ended) {
          if (state.error) throw state.error;
          return;
        } else {
          await new Promise<void>((resolve) => (state.wake = resolve));
        }
      }
    } finally {
      if (!state.ended) this.#giveUp(id);
      this.#listeners.delete(id);
      signal?.removeEventListener('abort', onAbort);
    }
  }
}

interface Context<N> {
  readonly signal: AbortSignal;
  readonly notify: (notice: N) => void;
}

/** How the worker answers a method: at once, or as a stream that runs only as far as it is pulled. */
export type Handler<T extends Method> =
  | {
      readonly call: (request: T['request'], context: Context<T['notice']>) => Promise<T['reply']>;
      readonly transfer?: (reply: T['reply']) => Transferable[];
      readonly stream?: never;
    }
  | {
      readonly stream: (request: T['request'], context: Context<T['notice']>) => AsyncIterable<T['chunk']>;
      readonly transfer: (chunk: T['chunk']) => Transferable[];
      readonly call?: never;
    };

interface Served {
  readonly stop: AbortController;
  pull(): void;
}

/** Answers calls that arrive at `endpoint`. */
export function serve<M extends MethodsOf<M>>(
  endpoint: Endpoint,
  handlers: { readonly [K in keyof M]: Handler<M[K]> },
): void {
  const served = new Map<number, Served>();
  const post = (message: FromWorker<M>, transfer?: Transferable[]) => {
    endpoint.postMessage(message, transfer ?? []);
  };

  function answer<K extends keyof M>(id: number, method: K, request: M[K]['request']): void {
    const handler: Handler<M[K]> = handlers[method];
    const stop = new AbortController();
    const context: Context<M[K]['notice']> = {
      signal: stop.signal,
      notify: (notice) => {
        post({ kind: 'notice', id, method, notice } as unknown as FromWorker<M>);
      },
    };
    const fail = (error: unknown) => {
      served.delete(id);
      post({ kind: 'error', id, error: toWire(error) });
    };
    const reply = (value: M[K]['reply'], transfer?: Transferable[]) => {
      served.delete(id);
      post({ kind: 'reply', id, method, reply: value } as unknown as FromWorker<M>, transfer);
    };
    if (handler.call) {
      served.set(id, { stop, pull: () => undefined });
      handler.call(request, context).then((value) => {
        reply(value, handler.transfer?.(value));
      }, fail);
      return;
    }
    const iterator = handler.stream(request, context)[Symbol.asyncIterator]();
    const advance = async () => {
      if (!served.has(id)) return;
      try {
        const result = await iterator.next();
        if (result.done) reply(undefined);
        else if (served.has(id)) {
          post(
            { kind: 'chunk', id, method, chunk: result.value } as unknown as FromWorker<M>,
            handler.transfer(result.value),
          );
        }
      } catch (error) {
        fail(error);
      }
    };
    let queue = Promise.resolve();
    stop.signal.addEventListener('abort', () => {
      // Lets a stream that is waiting to be pulled run its clean-up.
      queue = queue.then(async () => {
        await iterator.return?.();
        if (served.has(id)) fail(new EngineError('aborted'));
      });
    });
    served.set(id, {
      stop,
      pull: () => {
        queue = queue.then(advance);
      },
    });
  }

  endpoint.addEventListener('message', ({ data }) => {
    const message = data as ToWorker<M>;
    switch (message.kind) {
      case 'call':
        return answer(message.id, message.method, message.request);
      case 'pull':
        return served.get(message.id)?.pull();
      case 'cancel':
        return served.get(message.id)?.stop.abort();
      case 'live':
        return holdLife(endpoint, message);
    }
  });
}
