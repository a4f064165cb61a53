import type { EngineError } from '@/lib/domain';

/** A clock beside a worker's work: set before a part of it that must come to an end, and stopped behind that part. */
export interface Watch {
  /** From now on, so many milliseconds; until `stop`, or another `start`. */
  start(ms: number, late: () => EngineError): void;
  stop(): void;
  /** What `work` gives, or the error of a watch whose time is up meanwhile; stops the watch. */
  during<T>(work: Promise<T>): Promise<T>;
}

/** A watch that, when time is up, calls `onUp` and rejects. */
export function createWatch(onUp: () => void): Watch {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let reject: (error: EngineError) => void = () => undefined;
  const up = new Promise<never>((_resolve, fail) => (reject = fail));
  // Nobody may be waiting any more.
  up.catch(() => undefined);
  const stop = () => {
    clearTimeout(timer);
  };
  return {
    start: (ms, late) => {
      stop();
      timer = setTimeout(() => {
        reject(late());
        onUp();
      }, ms);
    },
    stop,
    during: async (work) => {
      try {
        return await Promise.race([work, up]);
      } finally {
        stop();
      }
    },
  };
}
