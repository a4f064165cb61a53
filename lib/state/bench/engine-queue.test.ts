import { expect, test } from 'vitest';
import { createEngineQueue, type Job } from './engine-queue';

/** Lets everything that can go on go on. */
const settle = () => new Promise((resolve) => setTimeout(resolve, 0));

/** A job that works until `finish` is called, and writes down what becomes of it. */
const jobOf = (log: string[], name: string) => {
  let finish: (error?: Error) => void = () => undefined;
  const ended = new Promise<void>((resolve, reject) => {
    finish = (error) => (error === undefined ? resolve() : reject(error));
  });
  const job: Job = {
    kind: 'draw',
    async work(signal) {
      log.push(`${name} begins`);
      await ended;
      log.push(`${name} ${signal.aborted ? 'lets go' : 'ends'}`);
    },
    stopped: () => log.push(`${name} is stopped`),
    failed: (error) => log.push(`${name} fails: ${(error as Error).message}`),
  };
  return { job, finish };
};

const never = new AbortController().signal;

test('a new job takes the place of the one under way, and begins when that has let go', async () => {
  const log: string[] = [];
  const queue = createEngineQueue();
  const [one, other] = [jobOf(log, 'one'), jobOf(log, 'other')];
  queue.begin(one.job);
  await settle();
  queue.begin(other.job);
  expect(queue.current()).toBe(other.job);
  await settle();
  expect(log).toEqual(['one begins']);
  one.finish();
  other.finish();
  await settle();
  expect(log).toEqual(['one begins', 'one lets go', 'other begins', 'other ends']);
  expect(queue.current()).toBeNull();
});

test('a job that is stopped before it begins never begins, and one that fails is told', async () => {
  const log: string[] = [];
  const queue = createEngineQueue();
  const [one, other, third] = [jobOf(log, 'one'), jobOf(log, 'other'), jobOf(log, 'third')];
  queue.begin(one.job);
  queue.begin(other.job);
  queue.stop();
  expect(queue.current()).toBeNull();
  one.finish();
  await settle();
  queue.begin(third.job);
  third.finish(new Error('no memory'));
  await settle();
  expect(log).toEqual(['other is stopped', 'third begins', 'third fails: no memory']);
  queue.stop();
  expect(log).toHaveLength(3);
});

test('background work waits for the bench, and the bench goes before the next piece', async () => {
  const log: string[] = [];
  const queue = createEngineQueue();
  const [one, other] = [jobOf(log, 'one'), jobOf(log, 'other')];
  let end = (): void => undefined;
  const held = new Promise<void>((resolve) => (end = resolve));
  queue.begin(one.job);
  const first = queue.withEngine(async () => {
    log.push('first piece');
    await held;
  }, never);
  const second = queue.withEngine(() => Promise.resolve(void log.push('second piece')), never);
  await settle();
  one.finish();
  await settle();
  queue.begin(other.job);
  other.finish();
  await settle();
  expect(log).toEqual(['one begins', 'one ends', 'first piece']);
  end();
  await Promise.all([first, second]);
  expect(log).toEqual(['one begins', 'one ends', 'first piece', 'other begins', 'other ends', 'second piece']);
});

test('background work is given up while it waits, and its failure holds nobody up', async () => {
  const log: string[] = [];
  const queue = createEngineQueue();
  const { job, finish } = jobOf(log, 'one');
  queue.begin(job);
  const stop = new AbortController();
  const waiting = queue.withEngine(() => Promise.resolve(), stop.signal);
  stop.abort();
  await expect(waiting).rejects.toMatchObject({ code: 'aborted' });
  finish();
  await settle();
  await expect(queue.withEngine(() => Promise.reject(new Error('broken')), never)).rejects.toThrow('broken');
  expect(await queue.withEngine(() => Promise.resolve(7), never)).toBe(7);
});
