import {
  describe,
  EngineError,
  type ExecutionProvider,
  type Pair,
  type StepEvent,
  throwIfAborted,
  toEngineError,
} from '@/lib/domain';
import type { ModelLocation, RowTable } from '@/lib/models';
import { type RpcClient, WorkerClient, type WorkerLink } from '@/lib/rpc';
import type { RawSteps } from '../decode/stats';
import type { ThreadProbe } from '../fit/probe';
import type { CrossScores, DrawRequest, Engine, EngineInfo, LoadProgress } from '../interface/engine';
import type { CrossRequest, LoadOptions } from '../local-engine';
import { absolute } from './absolute';
import { chooseProvider, GPU_FAILURES, type Preference, type Probe } from './choose-provider';
import type { EngineNotice } from './notice';
import { STOPPING, TOKENIZER_MS, tokenizerTooSlow, tooSlow } from './limits';
import type { EngineMethods, LoadNotice } from './protocol';
import { Recovery } from './recovery';
import { loadWithFastestThreads } from './thread-probe';

export interface RemoteEngineOptions {
  /** Starts a worker for an execution provider, with so many threads on the CPU. */
  readonly spawn: (executionProvider: ExecutionProvider, threads: number) => WorkerLink;
  /** How the best number of threads is found out; without it, one draws. */
  readonly threads?: ThreadProbe;
  readonly prefer?: Preference;
  readonly onNotice?: (notice: EngineNotice) => void;
  /** Fetches rows of a table of text embeddings: those with these ids, one after another, as stored. */
  readonly fetchRows?: (
    table: RowTable,
    ids: readonly number[],
    signal: AbortSignal | undefined,
  ) => Promise<Uint8Array>;
  readonly probe?: Probe;
  /** How long reading a tokenizer, or prompts with it, may take. */
  readonly tokenizerMs?: number;
  /** How long drawing a chunk may take; without it, whoever waits decides. */
  readonly chunkMs?: number;
}

/** What tells models apart, without opening them. */
function modelKey(model: ModelLocation): string {
  if (model.kind === 'files')
    return `${model.name} of ${Object.values(model.files).reduce((sum, { blob }) => sum + blob.size, 0)} bytes`;
  return model.kind === 'url' ? model.url : model.path;
}

/** The engine in a worker. It chooses the execution provider, starts the worker, and starts another when the GPU device or the worker is lost. */
export class RemoteEngine implements Engine {
  readonly #worker: WorkerClient<EngineMethods>;
  /** What the worker runs on, and the next one will. */
  #executionProvider: ExecutionProvider = 'wasm';
  #threads = 1;
  #model: ModelLocation | null = null;
  #info: EngineInfo | null = null;
  /** The worker that holds the model. */
  #loadedIn: RpcClient<EngineMethods> | null = null;
  #loading: AbortController | null = null;
  #drawing = false;

  constructor(private readonly options: RemoteEngineOptions) {
    this.#worker = new WorkerClient(() => options.spawn(this.#executionProvider, this.#threads), STOPPING);
  }

  get #tokenizerMs(): number {
    return this.options.tokenizerMs ?? TOKENIZER_MS;
  }

  get info(): EngineInfo | null {
    return this.#info;
  }

  async load(model: ModelLocation, { signal, onProgress }: LoadOptions = {}): Promise<EngineInfo> {
    this.#assertAlive();
    this.#loading?.abort();
    const stop = new AbortController();
    this.#loading = stop;
    const either = signal ? AbortSignal.any([signal, stop.signal]) : stop.signal;
    const located = absolute(model);
    this.#info = null;
    this.#model = located;
    try {
      throwIfAborted(either);
      const executionProvider = await chooseProvider(located, either, this.options);
      return await this.#loadOn(executionProvider, located, either, onProgress);
    } catch (error) {
      this.#assertAlive();
      throw toEngineError(error);
    } finally {
      if (this.#loading === stop) this.#loading = null;
    }
  }

  async #loadOn(
    executionProvider: ExecutionProvider,
    model: ModelLocation,
    signal: AbortSignal,
    onProgress: LoadOptions['onProgress'],
  ): Promise<EngineInfo> {
    // Loads after the first one, which only compare threads, have nothing to tell.
    let tell = onProgress;
    const load = async (threads: number): Promise<EngineInfo> => {
      this.#runOn(executionProvider, threads);
      const { info } = await this.#start(signal, tell);
      tell = undefined;
      return info;
    };
    try {
      if (executionProvider === 'webgpu') return await load(1);
      const draw = (request: DrawRequest) => this.#drawOnce(request, signal);
      return await loadWithFastestThreads({ load, draw }, modelKey(model), this.options.threads);
    } catch (error) {
      const failure = toEngineError(error);
      if (!this.#turnToProcessor(failure)) throw error;
      const info = await this.#loadOn('wasm', model, signal, onProgress).catch((thrown: unknown) => {
        const refusal = toEngineError(thrown);
        if (refusal.code !== 'beyond-processor') throw refusal;
        throw new EngineError('beyond-processor', { ...refusal.data, gpu: failure.message }, { cause: error });
      });
      this.#tellOfFallback(failure);
      return info;
    }
  }

  /** Has the next call answered by a worker with this setting. */
  #runOn(executionProvider: ExecutionProvider, threads: number): void {
    if (executionProvider === this.#executionProvider && threads === this.#threads) return;
    this.#worker.restart();
    this.#executionProvider = executionProvider;
    this.#threads = threads;
  }

  /** Turns to the processor if the GPU is what failed; false if there is nothing to turn to. What the GPU held goes with its worker. */
  #turnToProcessor(error: EngineError): boolean {
    if (this.#worker.disposed || this.#executionProvider !== 'webgpu' || !GPU_FAILURES.has(error.code)) return false;
    this.#runOn('wasm', 1);
    return true;
  }

  #tellOfFallback({ code, message }: EngineError): void {
    this.options.onNotice?.({ kind: 'fallback', code, message, hint: describe('limits-too-small').hint });
  }

  /** Starts the worker if there is none, and loads the model into it. */
  async #start(
    signal: AbortSignal | undefined,
    onProgress?: (progress: LoadProgress) => void,
  ): Promise<{ readonly rpc: RpcClient<EngineMethods>; readonly info: EngineInfo }> {
    if (!this.#model) throw new EngineError('not-loaded');
    const model = this.#model;
    const rpc = await this.#worker.ready(signal);
    this.#loadedIn = null;
    const watch = this.#worker.watch();
    const onNotice = (notice: LoadNotice) => {
      switch (notice.kind) {
        case 'progress':
          return onProgress?.(notice.progress);
        case 'not-stored':
          return this.options.onNotice?.({ kind: 'storage', ...describe('storage-full') });
        case 'tokenizer':
          if (notice.busy) watch.start(this.#tokenizerMs, tokenizerTooSlow(this.#tokenizerMs));
          else watch.stop();
      }
    };
    const info = await watch.during(rpc.call('load', { model }, { signal, onNotice }));
    this.#loadedIn = rpc;
    this.#info = info;
    return { rpc, info };
  }

  /** The worker with the model in it; a new one after a loss. */
  async #ready(signal: AbortSignal | undefined): Promise<RpcClient<EngineMethods>> {
    const rpc = await this.#worker.ready(signal);
    return rpc === this.#loadedIn ? rpc : (await this.#start(signal)).rpc;
  }

  async *draw(
    request: DrawRequest,
    { signal }: { readonly signal?: AbortSignal | undefined } = {},
  ): AsyncGenerator<StepEvent, void, undefined> {
    this.#assertAlive();
    throwIfAborted(signal);
    if (!this.#info) throw new EngineError('not-loaded');
    if (this.#drawing) throw new EngineError('busy');
    this.#drawing = true;
    try {
      yield* this.#recovery(signal).draw(request, (resumed) => this.#drawOnce(resumed, signal), {
        isWhole: (steps) => this.#info !== null && steps === this.#info.grid.rows * this.#info.grid.columns,
        onRecovered: (code, fromStep) => this.options.onNotice?.({ kind: 'recovered', code, fromStep }),
      });
    } finally {
      this.#drawing = false;
    }
  }

  /** A draw by the worker that is ready now; it ends with that worker. */
  async *#drawOnce(request: DrawRequest, signal: AbortSignal | undefined): AsyncGenerator<RawSteps, void, undefined> {
    const rpc = await this.#ready(signal);
    await this.#readPrompts(rpc, request.prompts, signal);
    yield* this.#inTime(rpc.stream('draw', request, { signal }));
  }

  async crossScores(
    request: CrossRequest,
    { signal }: { readonly signal?: AbortSignal | undefined } = {},
  ): Promise<CrossScores> {
    this.#assertAlive();
    if (!this.#info) throw new EngineError('not-loaded');
    if (this.#drawing) throw new EngineError('busy');
    this.#drawing = true;
    try {
      return await this.#recovery(signal).run(async () => {
        const rpc = await this.#ready(signal);
        await this.#readPrompts(rpc, request.prompts, signal);
        return rpc.call('crossScores', request, { signal });
      });
    } finally {
      this.#drawing = false;
    }
  }

  #recovery(signal: AbortSignal | undefined): Recovery {
    return new Recovery(
      {
        assertAlive: () => {
          this.#assertAlive();
        },
        restart: () => {
          this.#worker.restart();
        },
        fallBack: (error) => {
          const turned = this.#turnToProcessor(error);
          if (turned) this.#tellOfFallback(error);
          return turned;
        },
      },
      signal,
    );
  }

  /** The chunks, unless one of them takes too long. */
  async *#inTime(chunks: AsyncGenerator<RawSteps, void, undefined>): AsyncGenerator<RawSteps, void, undefined> {
    const { chunkMs } = this.options;
    if (chunkMs === undefined) return yield* chunks;
    const watch = this.#worker.watch();
    try {
      for (;;) {
        watch.start(chunkMs, tooSlow('Drawing the next tokens', chunkMs));
        const next = await watch.during(chunks.next());
        if (next.done) return;
        yield next.value;
      }
    } finally {
      watch.stop();
      await chunks.return();
    }
  }

  /**
   * Has the worker read the prompts, which must come to an end, and fetches what the model needs of its table of text embeddings: the worker itself may speak to no
   * host.
   */
  async #readPrompts(
    rpc: RpcClient<EngineMethods>,
    prompts: Pair<string>,
    signal: AbortSignal | undefined,
  ): Promise<void> {
    const watch = this.#worker.watch();
    watch.start(this.#tokenizerMs, tokenizerTooSlow(this.#tokenizerMs));
    const missing = await watch.during(rpc.call('readPrompts', { prompts }, { signal }));
    if (!missing) return;
    const { fetchRows } = this.options;
    if (!fetchRows) throw new EngineError('model-missing', { file: missing.table.path });
    const data = await fetchRows(missing.table, missing.ids, signal);
    await rpc.call('takeRows', { ids: missing.ids, data }, { signal });
  }

  /** Destroys the worker's GPU device, to test recovery. */
  async loseDevice(): Promise<void> {
    await this.#worker.running?.call('loseDevice', undefined);
  }

  /** Makes the worker throw outside its handlers, to test recovery. */
  async crashWorker(): Promise<void> {
    await this.#worker.running?.call('crash', undefined).catch(() => undefined);
  }

  dispose(): Promise<void> {
    this.#loading?.abort();
    this.#info = null;
    this.#worker.dispose();
    return Promise.resolve();
  }

  #assertAlive(): void {
    if (this.#worker.disposed) throw new EngineError('disposed');
  }
}
