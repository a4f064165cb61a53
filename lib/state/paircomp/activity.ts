import { toEngineError } from '@/lib/domain';
import type { PaircompStore } from './paircomp-state';

/** Work that may take long; `isPausing` turns true when it is to end after the draw under way. */
export type Task = (signal: AbortSignal, isPausing: () => boolean) => Promise<void>;

/** One piece of work at a time. */
export interface Activity {
  /** Does nothing while other work goes on. What goes wrong is told to `fail`, unless somebody stopped the work. */
  readonly begin: (activity: 'preparing' | 'drawing', task: Task) => Promise<void>;
  /** Ends after the draw under way. */
  readonly pause: () => void;
  /** Ends at once; settles when the work is over. */
  readonly stop: () => Promise<void>;
}

export const createActivity = (store: PaircompStore, fail: (error: unknown) => void): Activity => {
  let active: { readonly abort: AbortController; pausing: boolean; readonly done: Promise<void> } | null = null;
  return {
    async begin(activity, task) {
      if (active !== null) return;
      const abort = new AbortController();
      let settle: () => void = () => undefined;
      const own = { abort, pausing: false, done: new Promise<void>((resolve) => (settle = resolve)) };
      active = own;
      store.setState({ activity, problem: null });
      try {
        await task(abort.signal, () => own.pausing);
      } catch (error) {
        if (!abort.signal.aborted || toEngineError(error).code !== 'aborted') fail(error);
      } finally {
        active = null;
        store.setState({ activity: 'none' });
        settle();
      }
    },

    pause() {
      if (active === null) return;
      active.pausing = true;
      store.setState({ activity: 'pausing' });
    },

    async stop() {
      const current = active;
      current?.abort.abort();
      await current?.done;
    },
  };
};
