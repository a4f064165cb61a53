import type { ErrorCode } from '@/lib/domain';
import type { Engine, EngineInfo, EngineNotice, LoadProgress } from '@/lib/engine';
import { problemOf } from '@/lib/state/page';
import { createEngineHost, type EngineHost, type EnginePorts } from './engine-host';
import type { Notices } from './notices';
import type { SessionStore } from './session-store';
import type { ModelState } from './session-types';

export interface LoadedModel {
  readonly engine: Engine;
  readonly info: EngineInfo;
}

/** The model that draws: loaded when it is needed, with its progress on the page. */
export interface ModelLoading {
  readonly host: EngineHost;
  readonly set: (change: Partial<ModelState>) => void;
  /** The model of a folder, or, for null, the one that draws when nothing else is said. */
  readonly load: (folder: string | null, signal: AbortSignal) => Promise<LoadedModel>;
  /** Frees the engine; the next load begins anew. */
  readonly drop: () => void;
  /** Frees the engine and the decoder. */
  readonly dispose: () => void;
}

const expectedFallbacks: ReadonlySet<ErrorCode> = new Set(['no-webgpu', 'no-adapter', 'limits-too-small']);

/** Rates of shorter times say nothing of the time left. */
const RATED_MS = 400;

const cold = { phase: 'cold', info: null, progress: null, secondsLeft: null } as const;

export const createModelLoading = (session: SessionStore, ports: EnginePorts, notices: Notices): ModelLoading => {
  const set = (change: Partial<ModelState>): void =>
    session.setState(({ model }) => ({ model: { ...model, ...change } }));

  /** Passes on what the engine did by itself. */
  const hear = (notice: EngineNotice): void => {
    switch (notice.kind) {
      case 'fallback': {
        const text = `${notice.message} ${notice.hint}`;
        set({ remark: text });
        // A browser without a GPU is no event; losing one, or not getting the one that was chosen, is.
        const { choice } = session.getState().model;
        if (choice === 'auto' && expectedFallbacks.has(notice.code)) notices.announce(text);
        else notices.notify({ tone: 'warning', text });
        break;
      }
      case 'storage':
        notices.notify({ tone: 'warning', text: `${notice.message} ${notice.hint}` });
        break;
      case 'recovered':
        notices.notify({
          tone: 'info',
          text: `${notice.code === 'device-lost' ? 'The graphics device was lost' : 'The drawing process ended unexpectedly'} and has been replaced; the drawing goes on from step ${notice.fromStep} with the same result.`,
        });
        break;
    }
  };

  const host = createEngineHost(ports, hear);

  /** Progress with an estimate of the time left, from the bytes that came over the network so far. */
  const reporter = (): ((progress: LoadProgress) => void) => {
    let first: { readonly atMs: number; readonly bytes: number } | null = null;
    return (progress) => {
      const atMs = performance.now();
      first ??= { atMs, bytes: progress.loadedBytes };
      const rate = (progress.loadedBytes - first.bytes) / (atMs - first.atMs);
      const left = progress.totalBytes - progress.loadedBytes;
      const known = progress.phase !== 'prepare' && atMs - first.atMs > RATED_MS && rate > 0;
      set({ phase: 'loading', progress, secondsLeft: known ? left / rate / 1000 : null });
    };
  };

  return {
    host,
    set,
    async load(folder, signal) {
      const { choice, phase } = session.getState().model;
      if (phase !== 'ready') set({ phase: 'loading', progress: null, secondsLeft: null, problem: null, remark: null });
      try {
        const wanted = folder ?? (await host.defaultModel(signal));
        const loaded = await host.engine(wanted, choice, { signal, onProgress: reporter() });
        set({ phase: 'ready', progress: null, secondsLeft: null, info: loaded.info, problem: null });
        return loaded;
      } catch (error) {
        if (signal.aborted) set(cold);
        else set({ ...cold, phase: 'failed', problem: problemOf(error) });
        throw error;
      }
    },
    drop() {
      host.dropEngine();
      set({ ...cold, tokensPerSecond: null, problem: null });
    },
    dispose() {
      host.dispose();
      set(cold);
    },
  };
};
