import { type RawSteps, STATS_PER_SIDE, STATS_PER_STEP } from '../decode/stats';

/** How fast a model drew, and what. */
export interface SpeedSample {
  /** Of the fastest chunk after the first, which holds the prefix: whatever else the machine does makes the others slower. */
  readonly msPerStep: number;
  /** Tokens of both sides, step by step. */
  readonly tokens: readonly number[];
}

/** A pair that one thread draws in this time needs no more of them, and no longer a load. */
export const SHORT_DRAW_MS = 6000;
const ENOUGH_MS = 400;
const ENOUGH_CHUNKS = 3;

/** Draws until the speed is known, or known to be better than `soonEnough`, milliseconds a step. */
export async function speedOf(
  chunks: AsyncIterable<RawSteps>,
  soonEnough: number,
  now: () => number = () => performance.now(),
): Promise<SpeedSample> {
  const tokens: number[] = [];
  let msPerStep = Infinity;
  let count = 0;
  const startMs = now();
  let sinceMs = startMs;
  for await (const { stats } of chunks) {
    const atMs = now();
    for (let i = 0; i < stats.length; i += STATS_PER_SIDE) tokens.push(stats[i] as number);
    if (count++ > 0) msPerStep = Math.min(msPerStep, (atMs - sinceMs) / (stats.length / STATS_PER_STEP));
    if (msPerStep < soonEnough || (count >= ENOUGH_CHUNKS && atMs - startMs >= ENOUGH_MS)) break;
    sinceMs = atMs;
  }
  return { msPerStep, tokens };
}

/** More of the machine is taken only for a clear gain. */
const WORTH = 0.9;

/** True where `more` (threads) is worth it: clearly faster, and the same tokens as far as both went. */
export function isWorth(more: SpeedSample, fewer: SpeedSample): boolean {
  const length = Math.min(more.tokens.length, fewer.tokens.length);
  return (
    more.msPerStep < WORTH * fewer.msPerStep &&
    more.tokens.slice(0, length).every((token, i) => token === fewer.tokens[i])
  );
}

/** The number of threads to try beside one: as many as there are likely to be real cores; 1 where threads cannot be had. */
export function mostThreads(): number {
  const { crossOriginIsolated = false, navigator } = globalThis as {
    crossOriginIsolated?: boolean;
    navigator?: Navigator;
  };
  const cores = navigator?.hardwareConcurrency ?? 1;
  return crossOriginIsolated && cores > 1 ? Math.min(8, Math.max(2, cores >> 1)) : 1;
}

/** How the number of threads is found out. */
export interface ThreadProbe {
  readonly memory: ProbeMemory;
  /** Threads to try beside one. */
  readonly most?: number;
  readonly shortDrawMs?: number;
}

/** Keeps what was found out, by keys that name everything it depends on; neither function may throw. */
export interface ProbeMemory {
  get(key: string): string | null;
  set(key: string, value: string): void;
}
