import { type EngineError, type ErrorCode, pairOf, type StepEvent, toEngineError } from '@/lib/domain';
import { type RawSteps, toStepEvents } from '../decode/stats';
import type { DrawRequest } from '../interface/engine';

/** After these, a new worker can go on where the old one stopped. */
const RECOVERABLE: ReadonlySet<ErrorCode> = new Set(['device-lost', 'worker-crashed']);
/** New workers tried on one execution provider during one draw. */
const MAX_RESTARTS = 2;

/** What recovery asks of an engine. */
export interface Recoverable {
  /** Throws `disposed`. */
  assertAlive(): void;
  /** Ends the worker; the next attempt starts another. */
  restart(): void;
  /** Turns to the processor if the GPU is what failed; false if there is nothing to turn to. */
  fallBack(error: EngineError): boolean;
}

/** Attempts work again after losses of the device or the worker, on other workers and at last on the processor. */
export class Recovery {
  #restarts = 0;
  /** The loss that the attempt under way recovers from. */
  pending: ErrorCode | null = null;

  constructor(
    private readonly engine: Recoverable,
    private readonly signal: AbortSignal | undefined,
  ) {}

  /** Prepares another attempt, or throws what cannot be recovered from. */
  after(thrown: unknown): void {
    this.engine.assertAlive();
    const error = toEngineError(thrown);
    if (this.signal?.aborted || error.code === 'aborted') throw error;
    this.pending = error.code;
    if (RECOVERABLE.has(error.code) && this.#restarts < MAX_RESTARTS) {
      this.#restarts++;
      this.engine.restart();
      return;
    }
    if (!this.engine.fallBack(error)) throw error;
    this.#restarts = 0;
  }

  /** What `attempt` gives, once it succeeds. */
  async run<T>(attempt: () => Promise<T>): Promise<T> {
    for (;;) {
      try {
        return await attempt();
      } catch (error) {
        this.after(error);
      }
    }
  }

  /**
   * The steps of a draw over all attempts, each once: an attempt begins from the tokens so far, so the draw goes on with the same result.
   * `isWhole` tells from the number of steps whether the picture has them all.
   */
  async *draw(
    request: DrawRequest,
    attempt: (request: DrawRequest) => AsyncIterable<RawSteps>,
    {
      isWhole,
      onRecovered,
    }: {
      readonly isWhole: (steps: number) => boolean;
      readonly onRecovered: (from: ErrorCode, step: number) => void;
    },
  ): AsyncGenerator<StepEvent, void, undefined> {
    const taken = pairOf((side) => [...(request.from?.[side] ?? [])]);
    for (;;) {
      try {
        for await (const raw of attempt({ ...request, from: pairOf((side) => Int32Array.from(taken[side])) })) {
          for (const event of toStepEvents(raw)) {
            if (this.pending) onRecovered(this.pending, event.step);
            this.pending = null;
            taken.a.push(event.sides.a.token);
            taken.b.push(event.sides.b.token);
            yield event;
          }
        }
        return;
      } catch (error) {
        // A loss after the last step costs nothing; the next draw will notice it.
        if (isWhole(taken.a.length) && !this.signal?.aborted) return;
        this.after(error);
      }
    }
  }
}
