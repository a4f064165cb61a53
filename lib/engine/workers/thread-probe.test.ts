import { expect, test } from 'vitest';
import { EngineError } from '@/lib/domain';
import { type RawSteps, STATS_PER_STEP } from '../decode/stats';
import type { ProbeMemory } from '../fit/probe';
import type { EngineInfo } from '../interface/engine';
import { loadWithFastestThreads, type Probed } from './thread-probe';

const INFO = { grid: { rows: 4, columns: 4 } } as EngineInfo;

/** An engine whose workers take so long for a chunk of one step; what they throw otherwise. */
function setUp(chunkMs: (threads: number) => number | EngineError) {
  const loads: number[] = [];
  const kept = new Map<string, string>();
  const memory: ProbeMemory = { get: (key) => kept.get(key) ?? null, set: (key, value) => kept.set(key, value) };
  const engine: Probed = {
    load: (threads) => {
      loads.push(threads);
      const ms = chunkMs(threads);
      return ms instanceof EngineError && ms.code !== 'failed' ? Promise.reject(ms) : Promise.resolve(INFO);
    },
    draw: async function* () {
      const ms = chunkMs(loads.at(-1) ?? 0);
      if (ms instanceof EngineError) throw ms;
      for (let firstStep = 0; firstStep < 20; firstStep++) {
        await new Promise((resolve) => setTimeout(resolve, ms));
        yield { firstStep, stats: new Float32Array(STATS_PER_STEP), hasCrossLanes: false } satisfies RawSteps;
      }
    },
  };
  const load = (shortDrawMs = 0) => loadWithFastestThreads(engine, 'x', { memory, most: 4, shortDrawMs });
  return { load, loads, kept, engine };
}

test('many threads stay loaded where they draw clearly faster, and are taken at once the next time', async () => {
  const { load, loads, kept } = setUp((threads) => (threads === 1 ? 150 : 20));
  expect(await load()).toBe(INFO);
  await load();
  expect(loads).toEqual([1, 4, 4]);
  expect([...kept]).toEqual([['threads of 4, x', '4']]);
});

test('one thread is loaded again where more cannot be started', async () => {
  const { load, loads, kept } = setUp((threads) => (threads === 1 ? 150 : new EngineError('worker-crashed')));
  await load();
  expect(loads).toEqual([1, 4, 1]);
  expect([...kept.values()]).toEqual(['1']);
});

test('nothing more is tried where one thread draws soon enough', async () => {
  const { load, loads, kept } = setUp(() => 1);
  await load(60_000);
  expect(loads).toEqual([1]);
  expect([...kept.values()]).toEqual(['1']);
});

test('a model that cannot draw the probe stays loaded, and nothing is remembered of it', async () => {
  const { load, loads, kept } = setUp(() => new EngineError('failed'));
  expect(await load()).toBe(INFO);
  expect(loads).toEqual([1]);
  expect(kept.size).toBe(0);
});

test.each(['aborted', 'disposed'] as const)('%s ends the search and is not taken for a verdict', async (code) => {
  const { load, kept } = setUp((threads) => (threads === 1 ? 150 : new EngineError(code)));
  await expect(load()).rejects.toMatchObject({ code });
  expect(kept.size).toBe(0);
});

test('without a memory one thread draws, unmeasured', async () => {
  const { engine, loads } = setUp(() => 1);
  await loadWithFastestThreads(engine, 'x', { most: 4 });
  expect(loads).toEqual([1]);
});
