import { TINY } from '@/lib/models/testing';
import { describe, expect, test } from 'vitest';
import { type RawSteps, STATS_PER_STEP } from '../decode/stats';
import { channelLink } from '../testing/channel-link';
import { collect, golden, tokensOf } from '../testing/tiny';
import { RemoteEngine } from '../workers/remote-engine';
import { isWorth, type ProbeMemory, speedOf } from './probe';

describe('measuring a speed', () => {
  /** Two steps a chunk, which take so long. */
  const measure = async (chunkMs: readonly number[], soonEnough: number) => {
    let clock = 0;
    let given = 0;
    async function* chunks(): AsyncGenerator<RawSteps> {
      for (const [firstStep, ms] of chunkMs.entries()) {
        await Promise.resolve();
        clock += ms;
        given += 1;
        yield { firstStep, stats: new Float32Array(2 * STATS_PER_STEP).fill(firstStep), hasCrossLanes: false };
      }
    }
    return { ...(await speedOf(chunks(), soonEnough, () => clock)), given };
  };

  test('takes the fastest chunk after the first, and draws no longer than it needs to', async () => {
    expect(await measure([900, 80, 40, 60, 500, 10], 15)).toEqual({
      msPerStep: 20,
      given: 3,
      tokens: [0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2],
    });
  });

  test('stops at the first chunk that shows a picture to be drawn soon', async () => {
    expect(await measure([900, 80, 40, 60], 50)).toMatchObject({ msPerStep: 40, given: 2 });
  });
});

test('threads are worth it when clearly faster with the same tokens', () => {
  const one = { msPerStep: 20, tokens: [1, 2, 3] };
  expect(isWorth({ msPerStep: 12, tokens: [1, 2, 3, 4] }, one)).toBe(true);
  expect(isWorth({ msPerStep: 19, tokens: [1, 2, 3] }, one)).toBe(false);
  expect(isWorth({ msPerStep: 12, tokens: [1, 2, 4] }, one)).toBe(false);
});

describe('a load on the processor', () => {
  const SLOW = 60;
  const memory = (): ProbeMemory & { readonly kept: Map<string, string> } => {
    const kept = new Map<string, string>();
    return { kept, get: (key) => kept.get(key) ?? null, set: (key, value) => kept.set(key, value) };
  };
  const setUp = (options: {
    readonly memory?: ProbeMemory;
    readonly shortDrawMs?: number;
    readonly chunkMs: (threads: number) => number;
    readonly altered?: boolean;
    readonly failing?: boolean;
  }) => {
    const spawned: number[] = [];
    const engine = new RemoteEngine({
      prefer: 'wasm',
      ...(options.memory && { threads: { memory: options.memory, most: 4, shortDrawMs: options.shortDrawMs ?? 0 } }),
      spawn: (provider, threads) => {
        spawned.push(threads);
        const failToStart = options.failing === true && threads > 1;
        return channelLink(provider, {
          threads,
          chunkMs: options.chunkMs(threads),
          altered: options.altered === true && threads > 1,
          failToStart,
        });
      },
    });
    return { engine, spawned };
  };

  test('takes the threads that draw faster, draws the same, and remembers them', async () => {
    const kept = memory();
    const chunkMs = (threads: number) => (threads > 1 ? 0 : SLOW);
    const { engine, spawned } = setUp({ memory: kept, chunkMs });
    expect((await engine.load(TINY)).threads).toBe(4);
    expect(spawned).toEqual([1, 4]);
    const [first] = golden.cases;
    if (!first) throw new Error('There is no golden case.');
    const { prompts, settings, tokens } = first;
    expect(tokensOf(await collect(engine.draw({ prompts, settings })))).toEqual(tokens);
    await engine.dispose();
    const again = setUp({ memory: kept, chunkMs });
    expect((await again.engine.load(TINY)).threads).toBe(4);
    expect(again.spawned).toEqual([4]);
    await again.engine.dispose();
  });

  test.each([
    ['is not faster', { chunkMs: (threads: number) => (threads > 1 ? SLOW : 0) }],
    ['draws something else', { chunkMs: (threads: number) => (threads > 1 ? 0 : SLOW), altered: true }],
    ['cannot be started', { chunkMs: () => 0, failing: true }],
  ])('stays with one thread where more %s', async (_what, how) => {
    const kept = memory();
    const { engine, spawned } = setUp({ memory: kept, ...how });
    expect((await engine.load(TINY)).threads).toBe(1);
    expect(spawned).toEqual([1, 4, 1]);
    expect([...kept.kept.values()]).toEqual(['1']);
    await engine.dispose();
  });

  test('tries no threads where one draws soon enough', async () => {
    const kept = memory();
    const { engine, spawned } = setUp({ memory: kept, chunkMs: () => 0, shortDrawMs: 1e9 });
    expect((await engine.load(TINY)).threads).toBe(1);
    expect(spawned).toEqual([1]);
    expect([...kept.kept.values()]).toEqual(['1']);
    await engine.dispose();
  });

  test('measures nothing where nothing can be remembered', async () => {
    const { engine, spawned } = setUp({ chunkMs: () => 0 });
    expect((await engine.load(TINY)).threads).toBe(1);
    expect(spawned).toEqual([1]);
    await engine.dispose();
  });
});
