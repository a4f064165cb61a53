import { beforeEach, expect, test } from 'vitest';
import { EngineError, type ErrorCode, type Pair } from '@/lib/domain';
import type { DrawRequest, Engine, EngineInfo } from '@/lib/engine';
import { type DrawJob, type JobPorts, runJobs } from './run-jobs';

const jobs: readonly DrawJob[] = ['one', 'two', 'three'].map((key) => ({
  key,
  request: { prompts: { a: key, b: key } } as DrawRequest,
}));

let drawn: string[];
let kept: Map<string, Pair<Int32Array>>;
let log: string[];
let failures: ErrorCode[];
let pausing: boolean;
beforeEach(() => {
  drawn = [];
  kept = new Map();
  log = [];
  failures = [];
  pausing = false;
});

const engine = {
  // eslint-disable-next-line @typescript-eslint/require-await
  async *draw({ prompts }: DrawRequest) {
    const code = failures.shift();
    if (code !== undefined) throw new EngineError(code);
    drawn.push(prompts.a);
    for (const step of [0, 1]) yield { step, sides: { a: { token: step }, b: { token: 10 + step } } };
  },
} as unknown as Engine;
const info = { grid: { rows: 1, columns: 2 } } as EngineInfo;

const ports: JobPorts<DrawJob> = {
  withEngine: (work) => work(engine, info),
  find: (key) => kept.get(key),
  put: ({ key }, tokens) => Promise.resolve(void kept.set(key, tokens)),
  refuse: ({ key }) => Promise.resolve(void log.push(`${key} refused`)),
  use: ({ key }, { a, b }, isNew) =>
    Promise.resolve(void log.push(`${key} ${a.join()} ${b.join()} ${isNew ? 'new' : 'kept'}`)),
  isPausing: () => pausing,
};
const never = new AbortController().signal;

test('what is kept is used and not drawn again', async () => {
  kept.set('two', { a: Int32Array.of(4, 5), b: Int32Array.of(6, 7) });
  expect(await runJobs(jobs, ports, never)).toBe(true);
  expect(drawn).toEqual(['one', 'three']);
  expect(log).toEqual(['one 0,1 10,11 new', 'two 4,5 6,7 kept', 'three 0,1 10,11 new']);
});

test('a pause ends after the draw under way, an abort throws, and both go on later', async () => {
  const pauseAfter = { ...ports, use: () => Promise.resolve(void (pausing = true)) };
  expect(await runJobs(jobs, pauseAfter, never)).toBe(false);
  pausing = false;
  await expect(runJobs(jobs, ports, AbortSignal.abort())).rejects.toMatchObject({ code: 'aborted' });
  expect(await runJobs(jobs, ports, never)).toBe(true);
  expect(drawn).toEqual(['one', 'two', 'three']);
});

test('a refused request is told and left out', async () => {
  failures = ['empty-prompt'];
  expect(await runJobs(jobs, ports, never)).toBe(true);
  expect(log[0]).toBe('one refused');
  expect(drawn).toEqual(['two', 'three']);
});

test('a draw whose engine is taken away is tried again, at most three times', async () => {
  failures = ['disposed', 'disposed'];
  expect(await runJobs(jobs, ports, never)).toBe(true);
  failures = ['disposed', 'disposed', 'disposed'];
  kept.clear();
  await expect(runJobs(jobs, ports, never)).rejects.toMatchObject({ code: 'disposed' });
});
