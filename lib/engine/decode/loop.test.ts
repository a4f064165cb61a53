import { expect, test } from 'vitest';
import type { DecodeRun } from './backend';
import { SETTINGS } from '../testing/tiny';
import { lanePlan } from './lanes';
import { decode } from './loop';
import type { DecodePlan } from './plan';
import type { Schedule } from './schedule';
import { type RawSteps, STATS_PER_STEP } from './stats';

const PLAN: DecodePlan = {
  lanes: lanePlan(SETTINGS, true),
  prefixes: [],
  settings: SETTINGS,
  forced: undefined,
  firstStep: 0,
};

/** A run whose numbers are the steps they belong to, and what happened to it. */
function fakeRun(schedule: Schedule, change: Partial<DecodeRun> = {}) {
  const log: string[] = [];
  const run: DecodeRun = {
    schedule,
    enqueue: (firstStep, steps) => {
      log.push(`${firstStep}+${steps}`);
      const stats = Float32Array.from({ length: steps * STATS_PER_STEP }, (_, i) =>
        Math.floor(firstStep + i / STATS_PER_STEP),
      );
      return Promise.resolve({ stats: Promise.resolve(stats) });
    },
    release: () => log.push('released'),
    ...change,
  };
  return { log, backend: { start: () => run } };
}

const stepsOf = ({ firstStep, stats }: RawSteps) => [
  firstStep,
  ...Array.from({ length: stats.length / STATS_PER_STEP }, (_, i) => stats[i * STATS_PER_STEP]),
];

async function all(chunks: AsyncIterable<RawSteps>) {
  const steps = [];
  for await (const chunk of chunks) steps.push(stepsOf(chunk));
  return steps;
}

const never = new AbortController().signal;

test('gives chunks in order, and releases the run at the end', async () => {
  const { log, backend } = fakeRun({ lengths: [1, 2, 2], inFlight: 1 });
  expect(await all(decode(backend, PLAN, never))).toEqual([
    [0, 0],
    [1, 1, 2],
    [3, 3, 4],
  ]);
  expect(log).toEqual(['0+1', '1+2', '3+2', 'released']);
});

test('reports from the first step of the plan on, though it computes those before', async () => {
  const { log, backend } = fakeRun({ lengths: [1, 2, 2], inFlight: 1 });
  expect(await all(decode(backend, { ...PLAN, firstStep: 2 }, never))).toEqual([
    [2, 2],
    [3, 3, 4],
  ]);
  expect(log.slice(0, 3)).toEqual(['0+1', '1+2', '3+2']);
});

test.each([
  ['the next is enqueued while the oldest is waited for', false, ['0+1', '1+2']],
  ['the first goes alone', true, ['0+1']],
])('chunks in flight: %s', async (_name, firstAlone, enqueued) => {
  const { log, backend } = fakeRun({ lengths: [1, 2, 2], inFlight: 2, firstAlone });
  const chunks = decode(backend, PLAN, never);
  await chunks.next();
  await new Promise((resolve) => setTimeout(resolve));
  expect(log).toEqual(enqueued);
  await chunks.return();
  expect(log.at(-1)).toBe('released');
});

test('an abort releases the run under way and ends the loop', async () => {
  const stop = new AbortController();
  let release: () => void = () => undefined;
  const { backend } = fakeRun(
    { lengths: [1], inFlight: 1 },
    {
      enqueue: () => new Promise((resolve) => (release = () => resolve(null))),
      release: () => {
        release();
      },
    },
  );
  const next = decode(backend, PLAN, stop.signal).next();
  await new Promise((resolve) => setTimeout(resolve));
  stop.abort();
  await expect(next).rejects.toMatchObject({ code: 'aborted' });
});

test('nothing is enqueued after a failure, which ends the loop', async () => {
  const log: number[] = [];
  const { backend } = fakeRun(
    { lengths: [1, 1, 1], inFlight: 3 },
    {
      enqueue: (firstStep) => {
        log.push(firstStep);
        return Promise.reject(new Error('lost'));
      },
    },
  );
  await expect(all(decode(backend, PLAN, never))).rejects.toThrow('lost');
  expect(log).toEqual([0]);
});
