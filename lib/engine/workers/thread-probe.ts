import { NEUTRAL_SETTINGS, toEngineError } from '@/lib/domain';
import type { RawSteps } from '../decode/stats';
import { isWorth, mostThreads, SHORT_DRAW_MS, speedOf, type SpeedSample, type ThreadProbe } from '../fit/probe';
import type { DrawRequest, EngineInfo } from '../interface/engine';

/** What is drawn to measure speed; any prompts do. */
const PROBE: DrawRequest = { prompts: { a: 'a red apple', b: 'a blue apple' }, settings: NEUTRAL_SETTINGS };

/** What the probe needs of an engine. */
export interface Probed {
  /** Loads the model into a worker with so many threads. */
  load(threads: number): Promise<EngineInfo>;
  draw(request: DrawRequest): AsyncIterable<RawSteps>;
}

const isFinal = (error: unknown): boolean => {
  const { code } = toEngineError(error);
  return code === 'aborted' || code === 'disposed';
};

/** How fast the loaded model draws; null where it cannot draw the probe. */
async function measure(engine: Probed, soonEnough: number): Promise<SpeedSample | null> {
  try {
    return await speedOf(engine.draw(PROBE), soonEnough);
  } catch (error) {
    if (isFinal(error)) throw error;
    return null;
  }
}

/**
 * Loads the model called `model` with as many threads as draw it fastest here: one, or `most` where these are worth it. What was found out is remembered;
 * without a memory one thread draws.
 */
export async function loadWithFastestThreads(
  engine: Probed,
  model: string,
  { memory, most = mostThreads(), shortDrawMs = SHORT_DRAW_MS }: Partial<ThreadProbe> = {},
): Promise<EngineInfo> {
  if (!memory || most === 1) return engine.load(1);
  const key = `threads of ${most}, ${model}`;
  const known = Number(memory.get(key));
  if (known === 1 || known === most) return engine.load(known);
  const info = await engine.load(1);
  const soonEnough = shortDrawMs / (info.grid.rows * info.grid.columns);
  const fewer = await measure(engine, soonEnough);
  // A model that cannot draw the probe says nothing to be remembered.
  if (!fewer) return info;
  if (fewer.msPerStep < soonEnough) {
    memory.set(key, '1');
    return info;
  }
  const threaded = await loadWhereWorth(engine, most, fewer, soonEnough);
  memory.set(key, String(threaded ? most : 1));
  return threaded ?? engine.load(1);
}

/** Loads the model with `threads` and keeps it so if that is clearly faster; null otherwise. */
async function loadWhereWorth(
  engine: Probed,
  threads: number,
  fewer: SpeedSample,
  soonEnough: number,
): Promise<EngineInfo | null> {
  try {
    const info = await engine.load(threads);
    const more = await measure(engine, soonEnough);
    return more && isWorth(more, fewer) ? info : null;
  } catch (error) {
    // Threads that cannot be started are not worth it.
    if (isFinal(error)) throw error;
    return null;
  }
}
