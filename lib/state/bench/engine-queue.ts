import { EngineError } from '@/lib/domain';

/** One use of the engine by the bench. */
export interface Job {
  readonly kind: 'draw' | 'rerun' | 'load';
  /** Has the engine to itself. Once `signal` is aborted the job is over for the page, and may change nothing on it. */
  work(signal: AbortSignal): Promise<void>;
  /** Somebody ended the job. */
  stopped(): void;
  /** The work threw before anybody ended the job. */
  failed(error: unknown): void;
}

/** Who holds the engine: one job of the bench, or one piece of background work. */
export interface EngineQueue {
  /** The bench's job, from its beginning on, whether it waits or works. */
  readonly current: () => Job | null;
  /** Cancels the bench's job and begins this one as soon as the engine is free. */
  readonly begin: (job: Job) => void;
  /** Cancels the bench's job and tells it. */
  readonly stop: () => void;
  /** Ends the bench's job at once as far as the page is concerned; the engine follows within one chunk. */
  readonly cancel: () => void;
  /**
   * Lends the engine to work that can wait. While the bench uses the engine the work waits; a job of the bench waits for the work under way,
   * and goes before the next. @throws EngineError `aborted`, where `signal` is aborted before the work begins
   */
  readonly withEngine: <T>(work: () => Promise<T>, signal: AbortSignal) => Promise<T>;
}

interface Turn {
  readonly job: Job;
  readonly abort: AbortController;
  finished: Promise<void>;
}

export const createEngineQueue = (): EngineQueue => {
  let turn: Turn | null = null;
  /** The last job until it has let go of the engine, and the background work under way; both settle without failing. */
  let ending: Promise<void> | null = null;
  let lent: Promise<void> | null = null;

  const cancel = (): void => {
    const cancelled = turn;
    turn = null;
    cancelled?.abort.abort();
  };

  return {
    current: () => turn?.job ?? null,

    begin(job) {
      const previous = turn;
      cancel();
      const begun: Turn = { job, abort: new AbortController(), finished: Promise.resolve() };
      turn = begun;
      begun.finished = (async () => {
        await previous?.finished;
        await lent;
        try {
          if (turn === begun) await job.work(begun.abort.signal);
        } catch (error) {
          if (turn === begun) job.failed(error);
        } finally {
          if (turn === begun) turn = null;
          if (ending === begun.finished) ending = null;
        }
      })();
      ending = begun.finished;
    },

    stop() {
      const job = turn?.job;
      cancel();
      job?.stopped();
    },

    cancel,

    async withEngine(work, signal) {
      const aborted = new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
      for (let busy = ending ?? lent; busy !== null && !signal.aborted; busy = ending ?? lent)
        await Promise.race([busy, aborted]);
      if (signal.aborted) throw new EngineError('aborted');
      const piece = work();
      const settled = piece.then(
        () => undefined,
        () => undefined,
      );
      lent = settled;
      try {
        return await piece;
      } finally {
        if (lent === settled) lent = null;
      }
    },
  };
};
