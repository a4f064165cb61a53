import { EngineError, type Pair, toEngineError } from '@/lib/domain';
import type { DrawRequest, Engine, EngineInfo } from '@/lib/engine';

/** One draw to be made. Its key names it in the store, so that it is made once. */
export interface DrawJob {
  readonly key: string;
  readonly request: DrawRequest;
}

/** What the jobs need from around them. */
export interface JobPorts<Job extends DrawJob> {
  /** Lends the engine for one draw, when nobody at the page needs it. */
  readonly withEngine: <T>(work: (engine: Engine, info: EngineInfo) => Promise<T>) => Promise<T>;
  /** Tokens of a draw that is kept; undefined before it is made. */
  readonly find: (key: string) => Pair<Int32Array> | undefined;
  /** Keeps a draw before the promise settles. */
  readonly put: (job: Job, tokens: Pair<Int32Array>) => Promise<void>;
  /** The model cannot draw this request. */
  readonly refuse: (job: Job, reason: string) => Promise<void>;
  /** Uses a draw, made just now or kept from before. */
  readonly use: (job: Job, tokens: Pair<Int32Array>, isNew: boolean) => Promise<void>;
  /** True ends the work before the next job. */
  readonly isPausing: () => boolean;
}

/** Attempts at one draw when the engine is taken away in the middle, as by another choice of where to draw. */
const ATTEMPTS = 3;

const drawOnce = async (
  engine: Engine,
  { grid }: EngineInfo,
  request: DrawRequest,
  signal: AbortSignal,
): Promise<Pair<Int32Array>> => {
  const steps = grid.rows * grid.columns;
  const tokens = { a: new Int32Array(steps), b: new Int32Array(steps) };
  let drawn = 0;
  for await (const { step, sides } of engine.draw(request, { signal })) {
    tokens.a[step] = sides.a.token;
    tokens.b[step] = sides.b.token;
    drawn++;
  }
  if (drawn !== steps) throw new EngineError('failed', { detail: 'a drawing ended early' });
  return tokens;
};

const draw = async <Job extends DrawJob>(
  { request }: Job,
  { withEngine }: JobPorts<Job>,
  signal: AbortSignal,
): Promise<Pair<Int32Array>> => {
  for (let attempt = 1; ; attempt++) {
    try {
      return await withEngine((engine, info) => drawOnce(engine, info, request, signal));
    } catch (error) {
      if (signal.aborted || attempt === ATTEMPTS || toEngineError(error).code !== 'disposed') throw error;
    }
  }
};

const isRefusal = (error: unknown): error is EngineError =>
  error instanceof EngineError && (error.code === 'empty-prompt' || error.code === 'prompt-too-long');

/**
 * Makes the draws that are not kept yet, in their order, and uses each. `jobs` is asked for the next one only when the last is done, so it
 * may leave out what has been refused. Returns true when nothing is left. @throws EngineError `aborted`, or what a port throws
 */
export const runJobs = async <Job extends DrawJob>(
  jobs: Iterable<Job>,
  ports: JobPorts<Job>,
  signal: AbortSignal,
): Promise<boolean> => {
  for (const job of jobs) {
    if (ports.isPausing()) return false;
    if (signal.aborted) throw new EngineError('aborted');
    let tokens = ports.find(job.key);
    const isNew = tokens === undefined;
    if (tokens === undefined) {
      try {
        tokens = await draw(job, ports, signal);
      } catch (error) {
        if (!isRefusal(error)) throw error;
        await ports.refuse(job, error.message);
        continue;
      }
      await ports.put(job, tokens);
    }
    await ports.use(job, tokens, isNew);
  }
  return true;
};
