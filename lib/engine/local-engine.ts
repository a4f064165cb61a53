import {
  checkSettings,
  EngineError,
  NEUTRAL_SETTINGS,
  type Pair,
  type StepEvent,
  throwIfAborted,
  toEngineError,
} from '@/lib/domain';
import type { ModelLocation, RowTable } from '@/lib/models';
import { lanePlan } from './decode/lanes';
import { decode } from './decode/loop';
import { type DecodePlan, forcedAfter } from './decode/plan';
import { type RawSteps, toStepEvents } from './decode/stats';
import type { CrossScores, DrawRequest, Engine, EngineInfo, LoadProgress } from './interface/engine';
import { ProgressSum } from './interface/progress';
import type { DrawableModel } from './layouts/drawable-model';
import { loadModel } from './layouts/load';
import type { LocalEngineOptions, Runtime } from './runtime/runtime';

interface Loaded {
  readonly model: DrawableModel;
  readonly info: EngineInfo;
}

export interface LoadOptions {
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: LoadProgress) => void) | undefined;
  /** Hears when a tokenizer is about to be read, and when that is done. */
  readonly onTokenizer?: ((busy: boolean) => void) | undefined;
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

  async load(model: ModelLocation, { signal, onProgress, onTokenizer }: LoadOptions = {}): Promise<EngineInfo> {
    this.#assertAlive();
    this.#loading?.abort();
    const stop = new AbortController();
    this.#loading = stop;
    const start = performance.now();
    const either = signal ? AbortSignal.any([signal, stop.signal]) : stop.signal;
    try {
      await this.#unload();
      const loaded = await this.#load(model, either, new ProgressSum(onProgress), start, onTokenizer);
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

  async #load(
    location: ModelLocation,
    signal: AbortSignal,
    progress: ProgressSum,
    start: number,
    onTokenizer: LoadOptions['onTokenizer'],
  ): Promise<Loaded> {
    throwIfAborted(signal);
    const { runtime, options } = this;
    const model = await loadModel(runtime, {
      source: options.sourceOf(location),
      store: options.store,
      signal,
      progress,
      onNotStored: options.onNotStored,
      text: location.kind === 'files' ? location.text : undefined,
      withTokenizer: (work) => {
        onTokenizer?.(true);
        try {
          return work();
        } finally {
          onTokenizer?.(false);
        }
      },
    });
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
    const { model } = this.#requireLoaded();
    const plan = asEngineErrors(() => this.#plan(request, model));
    throwIfAborted(signal);
    const release = await this.#acquire(signal);
    try {
      yield* decode(model, plan, release.signal);
    } catch (error) {
      this.#assertAlive();
      throwIfAborted(release.signal);
      throw toEngineError(error);
    } finally {
      release();
    }
  }

  /**
   * Reads prompts as text before a drawing does, which takes a moment unless the model's files are made so that it takes for ever. Gives the rows of text embeddings
   * that they take and that are not here; null where there is nothing to fetch. Throws as drawing does.
   */
  readPrompts(prompts: Pair<string>): MissingRows | null {
    const { rows, readText } = this.#requireLoaded().model;
    readText?.(prompts);
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
      throw badRequest('Cross scores need as many tokens of A as of B, and no more than the model draws.');
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

  /** Checks a request and lays out its lanes. Throws `bad-settings`, `bad-request`, and what reading the prompts throws. */
  #plan({ prompts, settings, forced, from, crossLanes = true }: DrawRequest, model: DrawableModel): DecodePlan {
    const { codes, grid } = model.info;
    const problems = Object.values(checkSettings(settings, codes));
    if (problems.length > 0) throw new EngineError('bad-settings', { problems: problems.join(' ') });
    for (const side of ['a', 'b'] as const) {
      if (forced?.[side].some((token) => token < -1 || token >= codes))
        throw badRequest(`A token forced on side ${side.toUpperCase()} is not one of the model's codes.`);
      if (from?.[side].some((token) => token < 0 || token >= codes))
        throw badRequest(`A given token of side ${side.toUpperCase()} is not one of the model's codes.`);
    }
    if (from && (from.a.length !== from.b.length || from.a.length > grid.rows * grid.columns))
      throw badRequest('A drawing begins from as many tokens of A as of B, and no more than the model draws.');
    const lanes = lanePlan(settings, crossLanes);
    return {
      lanes,
      prefixes: model.prefixes(prompts, lanes),
      settings,
      forced: from ? forcedAfter(from, forced) : forced,
      firstStep: from?.a.length ?? 0,
    };
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

/** What `work` gives; what it throws as an EngineError. */
function asEngineErrors<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw toEngineError(error);
  }
}

const badRequest = (problem: string) => new EngineError('bad-request', { problem });
