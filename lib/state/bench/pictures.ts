import { modelFolder } from '@/lib/models';
import type { BenchStore } from './bench-types';
import type { EngineHost } from './engine-host';
import type { SessionStore } from './session-store';

export interface Pictures {
  /** Tries again after a failure. */
  retry(): void;
  dispose(): void;
}

/**
 * Keeps the pictures in step with the tokens: every finished row of tokens while drawing, everything at the
 * end. One decode at a time; while it runs, newer rows wait and older ones are skipped. Recordings bring their
 * own pictures.
 */
export const startPictures = (
  bench: BenchStore,
  session: SessionStore,
  host: EngineHost,
  onFailure: (error: unknown) => void,
): Pictures => {
  const abort = new AbortController();
  let busy = false;
  let failedKey: string | null = null;

  /** Steps that the pictures should be decoded from now. */
  const target = (): number => {
    const { frame, drawn, revealed, status } = bench.getState();
    if (frame === null || frame.origin === 'recorded') return 0;
    const unfinished = status === 'drawing' || status === 'paused';
    return unfinished ? Math.floor(revealed / frame.grid.columns) * frame.grid.columns : drawn;
  };

  const update = async (): Promise<void> => {
    const { frame, imagesFrom } = bench.getState();
    const from = target();
    if (busy || frame === null || frame.key === failedKey || from <= imagesFrom) return;
    busy = true;
    try {
      const decoder = await host.decoder(modelFolder(frame), {
        signal: abort.signal,
        onProgress: (progress) => session.setState({ pictures: { phase: 'loading', progress } }),
      });
      session.setState({ pictures: { phase: 'idle', progress: null } });
      const now = Math.max(target(), from);
      const images = await decoder.decode([frame.tokens.a.slice(0, now), frame.tokens.b.slice(0, now)]);
      const [a, b] = images;
      if (a && b && bench.getState().frame === frame) bench.setState({ images: { a, b }, imagesFrom: now });
    } catch (error) {
      if (!abort.signal.aborted && bench.getState().frame === frame) {
        failedKey = frame.key;
        session.setState({ pictures: { phase: 'failed', progress: null } });
        onFailure(error);
      }
    } finally {
      busy = false;
    }
    if (!abort.signal.aborted) void update();
  };

  const unsubscribe = bench.subscribe((state, previous) => {
    if (
      state.frame !== previous.frame ||
      state.revealed !== previous.revealed ||
      state.drawn !== previous.drawn ||
      state.status !== previous.status
    ) {
      void update();
    }
  });

  // A link in the address is on screen before anybody listens.
  void update();

  return {
    retry() {
      failedKey = null;
      void update();
    },
    dispose() {
      unsubscribe();
      abort.abort();
    },
  };
};
