/**
 * The decode loop: a plan and what computes it go in, steps come out.
 * Prefill: each run puts the prefixes into its cache ahead of step 0 (ort/chunk-run.ts, ort/webgpu/run.ts, layouts/hub/run.ts).
 * Sampling and statistics: inside the graphs, which report every step's numbers (sampler-inputs.ts, stats.ts).
 * Noise: a function of seed, side, step and code (noise.ts), given to the graphs beside the forced tokens (ort/feeds.ts).
 */
import { throwIfAborted } from '@/lib/domain';
import type { Chunk, DecodeBackend } from './backend';
import type { DecodePlan } from './plan';
import { type RawSteps, stepsFrom } from './stats';

/**
 * Draws by a plan: chunks of steps in order, from the plan's first step to the last of the image. Pull-based: no more
 * chunks than the run's schedule allows are under way beside the one that is waited for. Steps before the first reported
 * one are computed like any other, so what follows is bit-equal to a drawing that was forced to them.
 * Throws `aborted` once the signal is; aborting or leaving the loop releases the run.
 */
export async function* decode(
  backend: Pick<DecodeBackend, 'start'>,
  plan: DecodePlan,
  signal: AbortSignal,
): AsyncGenerator<RawSteps, void, undefined> {
  throwIfAborted(signal);
  const run = backend.start(plan);
  const release = () => {
    run.release();
  };
  signal.addEventListener('abort', release, { once: true });

  const { inFlight, firstAlone } = run.schedule;
  const lengths = [...run.schedule.lengths];
  /** Chunks that were asked for, in order, each once it is enqueued. */
  const chunks: { readonly firstStep: number; readonly enqueued: Promise<Chunk | null> }[] = [];
  let asked = 0;
  let last: Promise<unknown> = Promise.resolve();
  /** Chunks are enqueued one after another; after a failure, none. */
  const ask = (steps: number) => {
    const firstStep = asked;
    const enqueued = last.then(() => run.enqueue(firstStep, steps));
    // Errors reach whoever waits for the chunk, which may be nobody.
    enqueued.then((chunk) => chunk?.stats).catch(() => undefined);
    asked += steps;
    last = enqueued;
    chunks.push({ firstStep, enqueued });
  };

  try {
    for (;;) {
      throwIfAborted(signal);
      const most = firstAlone && asked === 0 ? 1 : inFlight;
      while (chunks.length < most && lengths.length > 0) ask(lengths.shift() as number);
      const next = chunks.shift();
      if (!next) return;
      const chunk = await next.enqueued;
      const stats = await chunk?.stats;
      throwIfAborted(signal);
      if (!stats) return;
      const { firstStep } = next;
      const steps = stepsFrom({ firstStep, stats, hasCrossLanes: plan.lanes.hasCrossLanes }, plan.firstStep);
      if (steps) yield steps;
    }
  } finally {
    signal.removeEventListener('abort', release);
    release();
  }
}
