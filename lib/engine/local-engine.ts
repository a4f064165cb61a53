import {
  checkSettings,
  EngineError,
  NEUTRAL_SETTINGS,
  type Pair,
  type StepEvent,
  throwIfAborted,
  toEngineError,
} from '@/lib/domain';
import { type ModelLocation, openHubFolder, type RowTable } from '@/lib/models';
import type { DecodeRun } from './decode/backend';
import { lanePlan } from './decode/lanes';
import { type RawSteps, toStepEvents } from './decode/stats';
import type { CrossScores, DrawRequest, Engine, EngineInfo, LoadProgress } from './interface/engine';
import { ProgressSum } from './interface/progress';
import type { DrawableModel } from './layouts/drawable-model';
import { loadFused } from './layouts/embedded';
import { loadHub } from './layouts/hub/model';
import type { LocalEngineOptions, Runtime } from './runtime/runtime';

interface Loaded {
  readonly model: DrawableModel;
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

/** Rows of a table of text embeddings that somebody has to fetch. */
export interface MissingRows {
  readonly table: RowTable;
  readonly ids: readonly number[];
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

  async #load(location: ModelLocation, signal: AbortSignal, progress: ProgressSum, start: number): Promise<Loaded> {
    throwIfAborted(signal);
    const { runtime, options } = this;
    const source = options.sourceOf(location);
    const context = {
      source,
      store: options.store,
      signal,
      progress,
      onNotStored: options.onNotStored,
      text: location.kind === 'files' ? location.text : undefined,
    };
    const hub = await openHubFolder(source, signal);
    const model = hub ? await loadHub(runtime, hub, context) : await loadFused(runtime, context);
    return { model, info: { ...model.info, loadMs: performance.now() - start } };
  }

  async *draw(
    request: DrawRequest,
    options: { readonly signal?: AbortSignal | undefined } = {},
  ): AsyncGenerator<StepEvent, void, undefined> {
    for await (const raw of this.drawRaw(request, options)) yield* toStepEvents(raw);
  }

  /** A draw in chunks of raw numbers, the form that crosses threads. */
  async *drawRaw(
    request: DrawRequest,
    { signal }: { readonly signal?: AbortSignal | undefined } = {},
  ): AsyncGenerator<RawSteps, void, undefined> {
    const start = this.#plan(request);
    throwIfAborted(signal);
    const release = await this.#acquire(signal);
    let run: DecodeRun | undefined;
    try {
      run = start();
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

  /** Rows of text embeddings that the prompts take and that are not here; null where there is nothing to fetch. */
  missingRows(prompts: Pair<string>): MissingRows | null {
    const { rows } = this.#requireLoaded().model;
    const ids = rows?.missing(prompts) ?? [];
    return rows && ids.length > 0 ? { table: rows.table, ids } : null;
  }

  /** Gives the model rows that it was missing. */
  takeRows(ids: readonly number[], data: Uint8Array): void {
    this.#requireLoaded().model.rows?.take(ids, data);
  }

  async crossScores(
    request: CrossRequest,
    options: { readonly signal?: AbortSignal | undefined } = {},
  ): Promise<CrossScores> {
    const { prompts, tokens } = request;
    const { grid } = this.#requireLoaded().info;
    const steps = grid.rows * grid.columns;
    if (tokens.a.length > steps || tokens.b.length !== tokens.a.length) {
      throw new EngineError('bad-request', {
        problem: 'Cross scores need as many tokens of A as of B, and no more than the model draws.',
      });
    }
    const length = tokens.a.length;
    const column = () => ({ a: new Float32Array(length), b: new Float32Array(length) });
    const scores = { promptDivergenceBits: column(), crossScoreBits: column() };
    if (length === 0) return scores;
    for await (const event of this.draw({ prompts, settings: NEUTRAL_SETTINGS, forced: tokens }, options)) {
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
    const { model } = this.#loaded ?? {};
    this.#loaded = null;
    await this.#active?.done;
    await model?.release();
  }

  #assertAlive(): void {
    if (this.#disposed) throw new EngineError('disposed');
  }

  #requireLoaded(): Loaded {
    this.#assertAlive();
    if (!this.#loaded) throw new EngineError('not-loaded');
    return this.#loaded;
  }

  /** Checks a request and lays out its lanes; gives what begins it. */
  #plan({ prompts, settings, forced, crossLanes = true }: DrawRequest): () => DecodeRun {
    const { model } = this.#requireLoaded();
    const { codes } = model.info;
    const problems = Object.values(checkSettings(settings, codes));
    if (problems.length > 0) throw new EngineError('bad-settings', { problems: problems.join(' ') });
    for (const side of ['a', 'b'] as const) {
      const tokens = forced?.[side];
      if (tokens?.some((token) => token < -1 || token >= codes)) {
        throw new EngineError('bad-request', {
          problem: `A token forced on side ${side.toUpperCase()} is not one of the model's codes.`,
        });
      }
    }
    return model.prepare({ prompts, settings, forced, lanes: lanePlan(settings, crossLanes) });
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
