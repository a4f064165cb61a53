import {
  describe,
  EngineError,
  type ErrorCode,
  type ExecutionProvider,
  NEUTRAL_SETTINGS,
  type Pair,
  type StepEvent,
  throwIfAborted,
  toEngineError,
} from '@/lib/domain';
import { BrowserFileStore, type ModelLocation, openFused, openHubFolder, type RowTable, sourceOf } from '@/lib/models';
import { RpcClient, type WorkerLink } from '@/lib/rpc';
import { toStepEvents } from '../decode/stats';
import { type CapabilityReport, probeCapabilities } from '../fit/capabilities';
import { isWorth, mostThreads, SHORT_DRAW_MS, speedOf, type SpeedSample, type ThreadProbe } from '../fit/probe';
import type { CrossScores, DrawRequest, Engine, EngineInfo, LoadProgress } from '../interface/engine';
import type { CrossRequest, LoadOptions } from '../local-engine';
import type { EngineMethods } from './protocol';

/** Things that happened to a load or a draw without ending it. */
export type EngineNotice =
  /** The GPU cannot be used (any more); the processor draws instead. */
  | { readonly kind: 'fallback'; readonly code: ErrorCode; readonly message: string; readonly wayOn: string }
  /** The device or the worker was lost and replaced; the draw goes on from this step. */
  | { readonly kind: 'recovered'; readonly code: ErrorCode; readonly fromStep: number }
  /** The model could not be kept in the browser's storage. */
  | { readonly kind: 'storage'; readonly message: string; readonly wayOn: string };

export type Preference = 'auto' | ExecutionProvider;

export interface WorkerEngineOptions {
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
  /** What this browser can do for the model at a location. */
  readonly probe?: (model: ModelLocation, signal: AbortSignal | undefined) => Promise<CapabilityReport>;
}

/** After these, a new worker can go on where the old one stopped. */
const RECOVERABLE: ReadonlySet<ErrorCode> = new Set(['device-lost', 'worker-crashed']);
/** These mean that the GPU will not do, not that the request is wrong. */
const GPU_FAILURES: ReadonlySet<ErrorCode> = new Set([
  'no-webgpu',
  'no-adapter',
  'no-shader-f16',
  'limits-too-small',
  'out-of-memory',
  'failed',
  'device-lost',
  'worker-crashed',
]);
/** New workers tried on one execution provider during one draw. */
const MAX_RECOVERIES = 2;

interface Running {
  readonly executionProvider: ExecutionProvider;
  readonly threads: number;
  readonly link: WorkerLink;
  readonly rpc: RpcClient<EngineMethods>;
  loaded: boolean;
}

/** What is drawn to measure speed; any prompts do. */
const PROBE: DrawRequest = { prompts: { a: 'a red apple', b: 'a blue apple' }, settings: NEUTRAL_SETTINGS };

async function probeModel(model: ModelLocation, signal: AbortSignal | undefined): Promise<CapabilityReport> {
  const source = sourceOf(model);
  // Which of a hub folder's files run depends on the device, so the worker looks at them.
  if (await openHubFolder(source, signal)) return probeCapabilities();
  const { files } = await openFused(source, { signal, store: new BrowserFileStore() });
  return probeCapabilities(files.manifest);
}

/** What tells models apart, without opening them. */
function modelKey(model: ModelLocation): string {
  if (model.kind === 'files')
    return `${model.name} of ${Object.values(model.files).reduce((sum, { blob }) => sum + blob.size, 0)} bytes`;
  return model.kind === 'url' ? model.url : model.path;
}

/** Workers resolve URLs against their own script; the page's is meant. */
function absolute(model: ModelLocation): ModelLocation {
  const here = (globalThis as { location?: Location }).location?.href;
  return model.kind === 'url' ? { kind: 'url', url: new URL(model.url, here).href } : model;
}

/**
 * The engine in a worker. It chooses the execution provider, starts the worker, and starts another when the GPU device or the worker
 * is lost: the tokens so far are replayed as forced ones, so the draw goes on with the same result.
 */
export class WorkerEngine implements Engine {
  #running: Running | null = null;
  #executionProvider: ExecutionProvider | null = null;
  #threads = 1;
  #model: ModelLocation | null = null;
  #info: EngineInfo | null = null;
  #loading: AbortController | null = null;
  #disposed = false;
  #drawing = false;

  constructor(private readonly options: WorkerEngineOptions) {}

  get info(): EngineInfo | null {
    return this.#info;
  }

  async load(model: ModelLocation, { signal, onProgress }: LoadOptions = {}): Promise<EngineInfo> {
    this.#assertAlive();
    this.#loading?.abort();
    const stop = new AbortController();
    this.#loading = stop;
    const either = signal ? AbortSignal.any([signal, stop.signal]) : stop.signal;
    this.#info = null;
    this.#model = absolute(model);
    try {
      throwIfAborted(either);
      this.#executionProvider = await this.#choose(this.#model, either);
      return await this.#loadWithFallback(either, onProgress);
    } catch (error) {
      this.#assertAlive();
      throw toEngineError(error);
    } finally {
      if (this.#loading === stop) this.#loading = null;
    }
  }

  async #choose(model: ModelLocation, signal: AbortSignal): Promise<ExecutionProvider> {
    const { prefer = 'auto', probe = probeModel } = this.options;
    if (prefer === 'wasm') return 'wasm';
    const report = await probe(model, signal);
    throwIfAborted(signal);
    if (report.webgpu) return 'webgpu';
    const problem = report.problems.find(({ code }) => GPU_FAILURES.has(code)) ?? {
      code: 'no-webgpu' as const,
      ...describe('no-webgpu'),
    };
    this.options.onNotice?.({ kind: 'fallback', ...problem });
    return 'wasm';
  }

  async #loadWithFallback(
    signal: AbortSignal | undefined,
    onProgress?: (progress: LoadProgress) => void,
  ): Promise<EngineInfo> {
    try {
      return await this.#startFastest(signal, onProgress);
    } catch (error) {
      if (!this.#fallBack(toEngineError(error))) throw error;
      return this.#startFastest(signal, onProgress);
    }
  }

  /** Starts the worker with as many threads as draw this model fastest here. */
  async #startFastest(
    signal: AbortSignal | undefined,
    onProgress?: (progress: LoadProgress) => void,
  ): Promise<EngineInfo> {
    const { memory, most = mostThreads(), shortDrawMs = SHORT_DRAW_MS } = this.options.threads ?? {};
    this.#threads = 1;
    if (this.#executionProvider !== 'wasm' || !memory || most === 1 || !this.#model)
      return this.#start(signal, onProgress);
    const key = `threads of ${most}, ${modelKey(this.#model)}`;
    const known = Number(memory.get(key));
    if (known === 1 || known === most) {
      this.#threads = known;
      return this.#start(signal, onProgress);
    }
    const info = await this.#start(signal, onProgress);
    const soonEnough = shortDrawMs / (info.grid.rows * info.grid.columns);
    const fewer = await this.#speed(soonEnough, signal);
    if (!fewer || fewer.msPerStep < soonEnough) {
      if (fewer) memory.set(key, '1');
      return info;
    }
    this.#threads = most;
    try {
      const threaded = await this.#start(signal);
      const more = await this.#speed(soonEnough, signal);
      if (more && isWorth(more, fewer)) {
        memory.set(key, String(most));
        return threaded;
      }
    } catch (error) {
      this.#assertAlive();
      // Threads that cannot be started are not worth it.
      if (signal?.aborted || toEngineError(error).code === 'aborted') throw error;
    }
    memory.set(key, '1');
    this.#threads = 1;
    return this.#start(signal);
  }

  /** How fast the loaded model draws; null where it cannot draw the probe. */
  async #speed(soonEnough: number, signal: AbortSignal | undefined): Promise<SpeedSample | null> {
    try {
      const rpc = await this.#ready(signal);
      return await speedOf(rpc.stream('draw', PROBE, { signal }), soonEnough);
    } catch (error) {
      this.#assertAlive();
      if (signal?.aborted || toEngineError(error).code === 'aborted') throw error;
      return null;
    }
  }

  /** Turns to the processor if the GPU is what failed; false if there is nothing to turn to. */
  #fallBack(error: EngineError): boolean {
    if (this.#disposed || this.#executionProvider !== 'webgpu' || !GPU_FAILURES.has(error.code)) return false;
    this.#discard();
    this.#executionProvider = 'wasm';
    const { message } = error;
    this.options.onNotice?.({ kind: 'fallback', code: error.code, message, wayOn: describe('limits-too-small').wayOn });
    return true;
  }

  /** Starts the worker if there is none, and loads the model into it. */
  async #start(signal: AbortSignal | undefined, onProgress?: (progress: LoadProgress) => void): Promise<EngineInfo> {
    this.#assertAlive();
    const model = this.#model;
    const executionProvider = this.#executionProvider;
    if (!model || !executionProvider) throw new EngineError('not-loaded');
    const threads = this.#threads;
    if (this.#running?.executionProvider !== executionProvider || this.#running.threads !== threads) this.#discard();
    const running = (this.#running ??= this.#spawn(executionProvider, threads));
    running.loaded = false;
    const info = await running.rpc.call(
      'load',
      { model },
      {
        signal,
        onNotice: (notice) => {
          if (notice.kind === 'progress') onProgress?.(notice.progress);
          else this.options.onNotice?.({ kind: 'storage', ...describe('storage-full') });
        },
      },
    );
    running.loaded = true;
    this.#info = info;
    return info;
  }

  #spawn(executionProvider: ExecutionProvider, threads: number): Running {
    const link = this.options.spawn(executionProvider, threads);
    const rpc = new RpcClient<EngineMethods>(link.endpoint);
    const running: Running = { executionProvider, threads, link, rpc, loaded: false };
    link.onCrash((reason) => {
      rpc.close(new EngineError('worker-crashed', { detail: reason }));
      if (this.#running === running) this.#discard();
    });
    return running;
  }

  #discard(): void {
    const running = this.#running;
    this.#running = null;
    running?.rpc.close(new EngineError('worker-crashed'));
    running?.link.terminate();
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
      yield* this.#drawRecovering(request, signal);
    } finally {
      this.#drawing = false;
    }
  }

  async *#drawRecovering(
    request: DrawRequest,
    signal: AbortSignal | undefined,
  ): AsyncGenerator<StepEvent, void, undefined> {
    const taken: Pair<number[]> = { a: [], b: [] };
    const recovery = new Recovery();
    for (;;) {
      try {
        const rpc = await this.#ready(signal);
        await this.#provideRows(rpc, request.prompts, signal);
        for await (const raw of rpc.stream('draw', withTaken(request, taken), { signal })) {
          for (const event of toStepEvents(raw)) {
            if (event.step < taken.a.length) continue;
            if (recovery.pending)
              this.options.onNotice?.({ kind: 'recovered', code: recovery.pending, fromStep: event.step });
            recovery.pending = null;
            taken.a.push(event.sides.a.token);
            taken.b.push(event.sides.b.token);
            yield event;
          }
        }
        return;
      } catch (error) {
        // A loss after the last step costs nothing; the next draw will notice it.
        if (this.#info && taken.a.length === this.#info.grid.rows * this.#info.grid.columns && !signal?.aborted) return;
        this.#recoverFrom(error, signal, recovery);
      }
    }
  }

  async crossScores(
    request: CrossRequest,
    { signal }: { readonly signal?: AbortSignal | undefined } = {},
  ): Promise<CrossScores> {
    if (!this.#info) throw new EngineError(this.#disposed ? 'disposed' : 'not-loaded');
    if (this.#drawing) throw new EngineError('busy');
    this.#drawing = true;
    const recovery = new Recovery();
    try {
      for (;;) {
        try {
          const rpc = await this.#ready(signal);
          await this.#provideRows(rpc, request.prompts, signal);
          return await rpc.call('crossScores', request, { signal });
        } catch (error) {
          this.#recoverFrom(error, signal, recovery);
        }
      }
    } finally {
      this.#drawing = false;
    }
  }

  /** The worker with the model in it; a new one after a loss. */
  async #ready(signal: AbortSignal | undefined): Promise<RpcClient<EngineMethods>> {
    this.#assertAlive();
    if (!this.#running?.loaded) await this.#start(signal);
    if (!this.#running) throw new EngineError('worker-crashed');
    return this.#running.rpc;
  }

  /** Fetches what the model needs of its table of text embeddings: the worker itself may speak to no host. */
  async #provideRows(
    rpc: RpcClient<EngineMethods>,
    prompts: Pair<string>,
    signal: AbortSignal | undefined,
  ): Promise<void> {
    if (!this.#info?.textByRows) return;
    const missing = await rpc.call('missingRows', { prompts }, { signal });
    if (!missing) return;
    const { fetchRows } = this.options;
    if (!fetchRows) throw new EngineError('model-missing', { file: missing.table.path });
    const data = await fetchRows(missing.table, missing.ids, signal);
    await rpc.call('takeRows', { ids: missing.ids, data }, { signal });
  }

  /** Prepares another attempt after a loss, or throws what cannot be recovered from. */
  #recoverFrom(thrown: unknown, signal: AbortSignal | undefined, recovery: Recovery): void {
    this.#assertAlive();
    const error = toEngineError(thrown);
    if (signal?.aborted || error.code === 'aborted') throw error;
    recovery.pending = error.code;
    if (RECOVERABLE.has(error.code) && recovery.count < MAX_RECOVERIES) {
      recovery.count++;
      this.#discard();
      return;
    }
    if (!this.#fallBack(error)) throw error;
    recovery.count = 0;
  }

  /** Destroys the worker's GPU device, to test recovery. */
  async loseDevice(): Promise<void> {
    await this.#running?.rpc.call('loseDevice', undefined);
  }

  /** Makes the worker throw outside its handlers, to test recovery. */
  async crashWorker(): Promise<void> {
    await this.#running?.rpc.call('crash', undefined).catch(() => undefined);
  }

  dispose(): Promise<void> {
    if (!this.#disposed) {
      this.#disposed = true;
      this.#loading?.abort();
      this.#info = null;
      const running = this.#running;
      this.#running = null;
      running?.rpc.close(new EngineError('disposed'));
      running?.link.terminate();
    }
    return Promise.resolve();
  }

  #assertAlive(): void {
    if (this.#disposed) throw new EngineError('disposed');
  }
}

/** How often a draw has been recovered, and from what it is recovering. */
class Recovery {
  count = 0;
  pending: ErrorCode | null = null;
}

/** The request with the tokens that were already taken as forced ones. */
function withTaken(request: DrawRequest, taken: Pair<readonly number[]>): DrawRequest {
  if (taken.a.length === 0) return request;
  const merge = (side: 'a' | 'b') => {
    const asked = request.forced?.[side] ?? new Int32Array(0);
    const forced = new Int32Array(Math.max(asked.length, taken[side].length)).fill(-1);
    forced.set(asked);
    forced.set(taken[side]);
    return forced;
  };
  return { ...request, forced: { a: merge('a'), b: merge('b') } };
}
