import { EngineError, NEUTRAL_SETTINGS, throwIfAborted, TOP_COUNT } from '@/lib/domain';
import { FULL_PLAN } from '../../decode/lanes';
import type { DecodePlan } from '../../decode/plan';
import { STATS_PER_SIDE } from '../../decode/stats';
import type { HubRun, HubSequence, Prefill } from './run';

/** One at a time is how every graph of this layout draws. */
const ONE_BY_ONE: Prefill = { first: 1, later: 1 };
/** The cache is begun, and then given several positions at once. */
const IN_PIECES: Prefill = { first: 4, later: Infinity };
const AT_ONCE: Prefill = { first: Infinity, later: 1 };

/** Relative difference up to which probabilities are the same ones, computed by other kernels in float16. */
const SAME = 0.05;

/** What came of a way: the most likely codes' probabilities on both sides, or that the graph does not go that way. */
type Outcome = Float32Array | null;

const probabilities = (stats: Float32Array): Float32Array =>
  stats.filter((_, index) => index % STATS_PER_SIDE >= STATS_PER_SIDE - TOP_COUNT);

const areAlike = (x: Outcome, y: Outcome): boolean =>
  x !== null &&
  y !== null &&
  x.every((value, index) => Math.abs(value - (y[index] as number)) <= SAME * Math.max(value, y[index] as number));

/**
 * Finds out how many positions a language model's graph takes in one run, by drawing the first token with the same prefix in several ways. It is
 * also what compiles the shaders. `start` begins a run. Throws `model-refused` where the graph does not even go one position at a time.
 */
export async function probePrefill(
  start: (plan: DecodePlan, sequence: HubSequence) => HubRun,
  file: string,
  sequence: Omit<HubSequence, 'prefill'>,
  prefixes: DecodePlan['prefixes'],
  signal: AbortSignal,
): Promise<Prefill> {
  const plan: DecodePlan = { lanes: FULL_PLAN, prefixes, settings: NEUTRAL_SETTINGS, forced: undefined, firstStep: 0 };
  let reason: unknown = null;
  const outcome = async (prefill: Prefill): Promise<Outcome> => {
    throwIfAborted(signal);
    // One token is enough, and takes keys and values for no more.
    const run = start(plan, { ...sequence, steps: 1, columns: 1, prefill });
    try {
      const stats = await (await run.enqueue(0, 1))?.stats;
      return stats ? probabilities(stats) : null;
    } catch (error) {
      if (!(error instanceof EngineError) || error.code !== 'failed') throw error;
      reason = error;
      return null;
    } finally {
      run.release();
      await run.done;
      throwIfAborted(signal);
    }
  };
  const atOnce = await outcome(AT_ONCE);
  if (areAlike(atOnce, await outcome(IN_PIECES))) return { first: Infinity, later: Infinity };
  const oneByOne = await outcome(ONE_BY_ONE);
  if (oneByOne === null) {
    const detail = reason instanceof EngineError ? String(reason.data.detail) : '';
    throw new EngineError('model-refused', { file, detail }, { cause: reason });
  }
  return areAlike(oneByOne, atOnce) ? AT_ONCE : ONE_BY_ONE;
}
