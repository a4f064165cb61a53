import { TINY } from '@/lib/models/testing';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type SamplingSettings, type SideStep, TOP_COUNT } from '@/lib/domain';
import { createNodeEngine } from '../node';
import { PROMPTS, SETTINGS } from '../testing/tiny';
import { fillNoise } from './noise';

const engine = createNodeEngine();
beforeAll(() => engine.load(TINY));
afterAll(() => engine.dispose());

const PLAIN: SamplingSettings = { ...SETTINGS, guidanceWeight: 1, plausibility: 0 };

/** Side A's first step: its history is empty whatever the settings are. */
async function firstStep(settings: SamplingSettings): Promise<SideStep> {
  for await (const { sides } of engine.draw({ prompts: PROMPTS, settings, crossLanes: false })) return sides.a;
  throw new Error('The draw had no steps.');
}

const kept = ({ topTokens, topProbabilities }: SideStep) =>
  [...topTokens]
    .map((token, i) => ({ token, probability: topProbabilities[i] ?? 0 }))
    .filter(({ probability }) => probability > 0);

/** Eight tokens at most, so that the report shows the whole distribution. */
const EIGHT: SamplingSettings = { ...PLAIN, topK: TOP_COUNT };

const runs = { numRuns: 12 };
const seed = fc.nat(0xffffffff);

describe('the distribution that is reported', () => {
  test('is sorted, sums to one where all of it is seen, and gives its own entropy', async () => {
    const side = await firstStep(EIGHT);
    const probabilities = kept(side).map(({ probability }) => probability);
    expect(probabilities).toEqual([...probabilities].sort((x, y) => y - x));
    expect(probabilities.reduce((sum, p) => sum + p, 0)).toBeCloseTo(1, 4);
    expect(side.entropyBits).toBeCloseTo(
      probabilities.reduce((sum, p) => sum - p * Math.log2(p), 0),
      3,
    );
    expect(side.probability).toBeCloseTo(kept(side).find(({ token }) => token === side.token)?.probability ?? 0, 5);
    expect(kept(side)[side.rank - 1]?.token).toBe(side.token);
  });

  test('top-k keeps k tokens, in proportion', async () => {
    const all = kept(await firstStep(EIGHT));
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 7 }), seed, async (topK, seed) => {
        const some = kept(await firstStep({ ...PLAIN, topK, seed }));
        expect(some.map(({ token }) => token)).toEqual(all.slice(0, topK).map(({ token }) => token));
        const share = all.slice(0, topK).reduce((sum, { probability }) => sum + probability, 0);
        some.forEach(({ probability }, i) => {
          expect(probability).toBeCloseTo((all[i]?.probability ?? 0) / share, 4);
        });
      }),
      runs,
    );
  });

  test('top-p keeps the fewest tokens that reach the sum', async () => {
    const all = kept(await firstStep(EIGHT));
    const sums = all.map((_, i) => all.slice(0, i + 1).reduce((sum, { probability }) => sum + probability, 0));
    await fc.assert(
      fc.asyncProperty(fc.double({ min: 0.05, max: 0.99, noNaN: true }), async (topP) => {
        // Sums are rounded: too near a boundary either answer is right.
        fc.pre(sums.every((sum) => Math.abs(sum - topP) > 1e-4));
        const some = kept(await firstStep({ ...EIGHT, topP }));
        expect(some).toHaveLength(sums.findIndex((sum) => sum >= topP) + 1);
      }),
      runs,
    );
  });

  test('the plausibility mask keeps what is not too far below the best', async () => {
    const all = kept(await firstStep(EIGHT));
    const best = all[0]?.probability ?? 0;
    await fc.assert(
      fc.asyncProperty(fc.double({ min: 0.02, max: 0.95, noNaN: true }), async (plausibility) => {
        fc.pre(all.every(({ probability }) => Math.abs(probability / best - plausibility) > 1e-3));
        const some = kept(await firstStep({ ...EIGHT, plausibility }));
        expect(some.map(({ token }) => token)).toEqual(
          all.filter(({ probability }) => probability >= plausibility * best).map(({ token }) => token),
        );
      }),
      runs,
    );
  });

  test('temperature divides log-probabilities', async () => {
    const all = kept(await firstStep(EIGHT));
    await fc.assert(
      fc.asyncProperty(fc.double({ min: 0.5, max: 3, noNaN: true }), async (temperature) => {
        const side = kept(await firstStep({ ...EIGHT, temperature }));
        const gap = (list: typeof all, i: number) =>
          Math.log((list[0]?.probability ?? 0) / (list[i]?.probability ?? 0));
        expect(side.map(({ token }) => token)).toEqual(all.map(({ token }) => token));
        for (let i = 1; i < side.length; i++) expect(gap(side, i) * temperature).toBeCloseTo(gap(all, i), 2);
      }),
      runs,
    );
  });
});

describe('the choice', () => {
  test('is the largest of log-probability plus noise, with its margin', async () => {
    await fc.assert(
      fc.asyncProperty(seed, async (seed) => {
        const side = await firstStep({ ...EIGHT, seed });
        const noise = new Float32Array(64);
        fillNoise(noise, seed, 0, 0);
        const noisy = kept(side)
          .map(({ token, probability }) => ({ token, value: Math.log(probability) + (noise[token] ?? 0) }))
          .sort((x, y) => y.value - x.value);
        expect(side.choice).toBe(noisy[0]?.token);
        expect(side.margin).toBeCloseTo((noisy[0]?.value ?? 0) - (noisy[1]?.value ?? 0), 3);
      }),
      { numRuns: 25 },
    );
  });

  test('falls as often on each token as its probability says (chi-square)', async () => {
    const distribution = kept(await firstStep(EIGHT));
    const draws = 20_000;
    const counts = distribution.map(() => 0);
    const noise = new Float32Array(64);
    for (let seed = 0; seed < draws; seed++) {
      fillNoise(noise, seed, 0, 0);
      let best = 0;
      const value = (i: number) =>
        Math.log(distribution[i]?.probability ?? 0) + (noise[distribution[i]?.token ?? 0] ?? 0);
      for (let i = 1; i < distribution.length; i++) if (value(i) > value(best)) best = i;
      counts[best] = (counts[best] ?? 0) + 1;
    }
    const chiSquare = distribution.reduce(
      (sum, { probability }, i) => sum + ((counts[i] ?? 0) - draws * probability) ** 2 / (draws * probability),
      0,
    );
    // The 99.99 % point with seven degrees of freedom; the seeds are fixed, so this cannot fail by chance later.
    expect(chiSquare).toBeLessThan(29.9);
  });
});
