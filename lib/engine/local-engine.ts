import {
  openModel,
  parseTextVocabulary,
  prefixIds,
  readPrompt,
  type FileSource,
  type FileStore,
  type Manifest,
  type TextVocabulary,
} from '../models';
import type { DecodeBackend, DecodePlan } from './decode-backend';
import { EngineError, throwIfAborted, toEngineError } from './errors';
import { lanePlan, type LanePlan } from './lanes';
import { ProgressSum } from './progress';
import type { Runtime } from './runtime';
import { checkSettings } from './settings';
import { toStepEvents, type RawSteps } from './stats';
import type { CrossScores, DrawRequest, Engine, EngineInfo, LoadProgress, ModelLocation, Pair, SamplingSettings, Side, StepEvent } from './types';

export interface LocalEngineOptions {
  readonly sourceOf: (location: ModelLocation) => FileSource;
  readonly store?: FileStore;
  /** Called when the browser would not keep the model's files. */
  readonly onNotStored?: () => void;
}

interface Loaded {
  readonly manifest: Manifest;
  readonly vocabulary: TextVocabulary;
  readonly backend: DecodeBackend;
  readonly info: EngineInfo;
}

export interface LoadOptions {
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: LoadProgress) => void) | undefined;
}

export interface CrossRequest {
  readonly prompts: Pair<string>;
  readonly tokens: Pair<Int32Array>;
}

/** Guidance-free scores take no part in sampling, so any settings serve. */
const NEUTRAL: SamplingSettings = {
  seed: 0,
  coupling: 'coupled',
  guidanceWeight: 1,
  temperature: 1,
  topK: 0,
  topP: 1,
  plausibility: 0,
  greedy: true,
};

/** The rows of a draw with the given prompts' prefixes. */
function prefixesOf(lanes: LanePlan, prompts: Pair<BigInt64Array>, none: BigInt64Array): BigInt64Array {
  const prefixes = new BigInt64Array(lanes.lanes.length * none.length);
  lanes.lanes.forEach(({ prompt }, row) => {
    prefixes.set(prompt ? prompts[prompt] : none, row * none.length);
  });
  return prefixes;
}

/**
 * Draws the first chunk of nothing: compiling code and shaders belongs to loading, so that the first tokens of the first draw come
 * as soon as those of any other.
 */
async function warmUp(backend: DecodeBackend, manifest: Manifest, vocabulary: TextVocabulary, signal: AbortSignal): Promise<void> {
  const none = prefixIds([], vocabulary, manifest.codes);
  const lanes = lanePlan(true);
  const run = backend.start({ lanes, prefixes: prefixesOf(lanes, { a: none, b: none }, none), settings: NEUTRAL, forced: undefined });
  try {
    await run.next();
  } catch (error) {
    await backend.release().catch(() => undefined);
    throw error;
  } finally {
    run.release();
  }
  if (signal.aborted) await backend.release();
  throwIfAborted(signal);
}

/** The engine in the thread it is called from: Node, tests and the command line; in a browser, inside the worker. */
export class LocalEngine implements Engine {
  #loaded: Loaded | null = null;
  #loading: AbortController | null = null;
  #disposed = false;
  /** The draw that holds the engine; `done` settles when it has let go. */
  #active: { readonly stop: AbortController; readonly done: Promise<void> } | null = null;

  constructor(
    private readonly runtime: Runtime,
    private readonly options: LocalEngineOptions,
  ) {}

  get info(): EngineInfo | null {
    return this.#loaded?.info ?? null;
  }

  async load(model: ModelLocation, { signal, onProgress }: LoadOptions = {}): Promise<EngineInfo> {
    this.#assertAlive();
    this.#loading?.abort();
    const stop = new AbortController();
    this.#loading = stop;
    const start = performance.now();
    const either = signal ? AbortSignal.any([signal, stop.signal]) : stop.signal;
    try {
      await this.#unload();
      const loaded = await this.#load(model, either, new ProgressSum(onProgress), start);
      this.#loaded = loaded;
      return loaded.info;
    } catch (error) {
      stop.abort();
      this.#assertAlive();
      throw toEngineError(error);
    } finally {
      if (this.#loading === stop) this.#loading = null;
    }
  }

  async #load(model: ModelLocation, signal: AbortSignal, progress: ProgressSum, start: number): Promise<Loaded> {
    throwIfAborted(signal);
    const { runtime, options } = this;
    const files = await openModel(options.sourceOf(model), { ...(options.store && { store: options.store }), signal });
    const { manifest, hash } = files;
    progress.totalBytes = runtime.bytes + files.bytesOf([runtime.graph, 'weights', 'text']);
    const read = (role: typeof runtime.graph) =>
      files.read(role, {
        signal,
        onProgress: (bytes, phase, fromStorage) => {
          progress.update(role, bytes, phase, fromStorage);
        },
      });
    const [ort, graph, weights, text] = await Promise.all([
      runtime.prepare({
        signal,
        onBytes: (bytes) => {
          progress.update('runtime', bytes, 'runtime');
        },
      }),
      read(runtime.graph),
      read('weights'),
      read('text'),
    ]);
    if (!files.stored) options.onNotStored?.();
    progress.emit('prepare');
    throwIfAborted(signal);
    const backend = await runtime.createBackend(ort, { manifest, graph, weights });
    const vocabulary = parseTextVocabulary(text);
    await warmUp(backend, manifest, vocabulary, signal);
    const info: EngineInfo = {
      modelName: manifest.name,
      modelHash: hash,
      executionProvider: runtime.executionProvider,
      weightType: manifest.weightType,
      runtime: `onnxruntime-web ${ort.env.versions.web ?? ''}`.trim(),
      threads: runtime.threads,
      adapter: backend.adapter,
      grid: manifest.grid,
      codes: manifest.codes,
      defaults: { seed: 0, greedy: false, ...manifest.defaults },
      loadMs: performance.now() - start,
    };
    return { manifest, vocabulary, backend, info };
  }

  async *draw(request: DrawRequest, options: { readonly signal?: AbortSignal | undefined } = {}): AsyncGenerator<StepEvent, void, undefined> {
    for await (const raw of this.drawRaw(request, options)) yield* toStepEvents(raw);
  }

  /** A draw in chunks of raw numbers, the form that crosses threads. */
  async *drawRaw(
    request: DrawRequest,
    { signal }: { readonly signal?: AbortSignal | undefined } = {},
  ): AsyncGenerator<RawSteps, void, undefined> {
    const { backend, plan } = this.#plan(request);
    throwIfAborted(signal);
    const release = await this.#acquire(signal);
    let run: ReturnType<DecodeBackend['start']> | undefined;
    try {
      run = backend.start(plan);
      release.signal.addEventListener('abort', run.release.bind(run), { once: true });
      for (;;) {
        throwIfAborted(release.signal);
        const raw = await run.next();
        throwIfAborted(release.signal);
        if (!raw) return;
        yield raw;
      }
    } catch (error) {
      this.#assertAlive();
      throwIfAborted(release.signal);
      throw toEngineError(error);
    } finally {
      run?.release();
      release();
    }
  }

  async crossScores(request: CrossRequest, options: { readonly signal?: AbortSignal | undefined } = {}): Promise<CrossScores> {
    const { prompts, tokens } = request;
    const steps = this.#stepsOf(this.#requireLoaded().manifest);
    if (tokens.a.length > steps || tokens.b.length !== tokens.a.length) {
      throw new EngineError('bad-request', { problem: 'Cross scores need as many tokens of A as of B, and no more than the model draws.' });
    }
    const length = tokens.a.length;
    const column = () => ({ a: new Float32Array(length), b: new Float32Array(length) });
    const scores = { promptDivergenceBits: column(), crossScoreBits: column() };
    if (length === 0) return scores;
    for await (const event of this.draw({ prompts, settings: NEUTRAL, forced: tokens }, options)) {
      for (const side of ['a', 'b'] as const) {
        scores.promptDivergenceBits[side][event.step] = event.sides[side].promptDivergenceBits;
        scores.crossScoreBits[side][event.step] = event.sides[side].crossScoreBits;
      }
      if (event.step === length - 1) break;
    }
    return scores;
  }

  async dispose(): Promise<void> {
    if (this.#disposed) return;
    this.#disposed = true;
    this.#loading?.abort();
    await this.#unload();
  }

  async #unload(): Promise<void> {
    this.#active?.stop.abort();
    const { backend } = this.#loaded ?? {};
    this.#loaded = null;
    await this.#active?.done;
    await backend?.release();
  }

  #assertAlive(): void {
    if (this.#disposed) throw new EngineError('disposed');
  }

  #requireLoaded(): Loaded {
    this.#assertAlive();
    if (!this.#loaded) throw new EngineError('not-loaded');
    return this.#loaded;
  }

  #stepsOf({ grid }: Manifest): number {
    return grid.rows * grid.columns;
  }

  /** Checks a request and lays out its lanes. */
  #plan({ prompts, settings, forced, crossLanes = true }: DrawRequest): { readonly backend: DecodeBackend; readonly plan: DecodePlan } {
    const { manifest, vocabulary, backend } = this.#requireLoaded();
    const problems = Object.values(checkSettings(settings, manifest.codes));
    if (problems.length > 0) throw new EngineError('bad-settings', { problems: problems.join(' ') });
    for (const side of ['a', 'b'] as const) {
      const tokens = forced?.[side];
      if (tokens?.some((token) => token < -1 || token >= manifest.codes)) {
        throw new EngineError('bad-request', { problem: `A token forced on side ${side.toUpperCase()} is not one of the model's codes.` });
      }
    }
    const words = (side: Side) => {
      const { ids } = readPrompt(prompts[side], vocabulary);
      if (ids.length === 0) throw new EngineError('empty-prompt', { side: side.toUpperCase() });
      return prefixIds(ids, vocabulary, manifest.codes);
    };
    const prefix = { a: words('a'), b: words('b') };
    const none = prefixIds([], vocabulary, manifest.codes);
    const lanes = lanePlan(crossLanes);
    const prefixes = prefixesOf(lanes, prefix, none);
    return { backend, plan: { lanes, prefixes, settings, forced } };
  }

  /** Takes the engine for one draw. Waits for a draw that is stopping; refuses while one goes on. */
  async #acquire(signal: AbortSignal | undefined): Promise<(() => void) & { readonly signal: AbortSignal }> {
    while (this.#active) {
      if (!this.#active.stop.signal.aborted) throw new EngineError('busy');
      await this.#active.done;
      this.#requireLoaded();
    }
    const stop = new AbortController();
    const onAbort = () => {
      stop.abort();
    };
    signal?.addEventListener('abort', onAbort, { once: true });
    let settle: () => void = () => undefined;
    const active = { stop, done: new Promise<void>((resolve) => (settle = resolve)) };
    this.#active = active;
    const release = () => {
      signal?.removeEventListener('abort', onAbort);
      if (this.#active === active) this.#active = null;
      settle();
    };
    return Object.assign(release, { signal: stop.signal });
  }
}
