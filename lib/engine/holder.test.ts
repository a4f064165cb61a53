import { expect, it } from 'vitest';
import { createHolder } from './holder';

const values = () => {
  const log: string[] = [];
  let made = 0;
  const create = () => {
    const name = `value ${++made}`;
    log.push(`${name} made`);
    return { name, dispose: () => Promise.resolve(void log.push(`${name} freed`)) };
  };
  return { log, create };
};

it('makes and loads a value once for a key, and frees it for another key', async () => {
  const { log, create } = values();
  const holder = createHolder<ReturnType<typeof create>>();
  let loads = 0;
  const load = () => Promise.resolve(void (loads += 1));
  const [first, again] = await Promise.all([holder.load('a', create, load), holder.load('a', create, load)]);
  expect(again).toBe(first);
  expect(holder.hold('a', create)).toBe(first);
  expect(loads).toBe(1);
  await holder.load('b', create, load);
  holder.drop();
  expect(log).toEqual(['value 1 made', 'value 1 freed', 'value 2 made', 'value 2 freed']);
});

it('frees what fails to load, and the next request begins anew', async () => {
  const { log, create } = values();
  const holder = createHolder<ReturnType<typeof create>>();
  await expect(holder.load('a', create, () => Promise.reject(new Error('offline')))).rejects.toThrow('offline');
  await holder.load('a', create, () => Promise.resolve());
  expect(log).toEqual(['value 1 made', 'value 1 freed', 'value 2 made']);
});

it('leaves the value of another key alone when an earlier load fails late', async () => {
  const { log, create } = values();
  const holder = createHolder<ReturnType<typeof create>>();
  let fail: (error: Error) => void = () => undefined;
  const late = holder.load('a', create, () => new Promise((_, reject) => (fail = reject)));
  const other = holder.load('b', create, () => Promise.resolve());
  fail(new Error('too late'));
  await expect(late).rejects.toThrow('too late');
  expect((await other).name).toBe('value 2');
  expect(log).not.toContain('value 2 freed');
});
