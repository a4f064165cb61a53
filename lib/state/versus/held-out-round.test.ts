import { expect, test } from 'vitest';
import type { SamplingSettings } from '@/lib/domain';
import { CATEGORIES, type PromptPair } from '@/lib/paircomp';
import type { Frame } from '@/lib/state/bench';
import { createHeldOutRound } from './held-out-round';
import type { Judged, PairDrawer } from './pair-drawer';

const settings: SamplingSettings = {
  seed: 0,
  coupling: 'independent',
  guidanceWeight: 1,
  temperature: 1,
  topK: 0,
  topP: 1,
  plausibility: 0,
  greedy: false,
};
const pairs: readonly PromptPair[] = CATEGORIES.flatMap((category, place) =>
  [0, 1, 2].map((each) => ({
    index: 3 * place + each,
    category,
    captions: [`${place} ${each} one`, `${place} ${each} other`] as const,
  })),
);
const picture = { width: 1, height: 1, data: new Uint8ClampedArray(4) };

/** Draws at once, and remembers what it was asked for. */
const drawerOf = (fails: (prompt: string) => boolean = () => false) => {
  const asked: string[] = [];
  const pairDrawer: PairDrawer = {
    draw: (folder, prompts, { seed }) => {
      if (fails(prompts.a)) return Promise.reject(new Error('It broke.'));
      asked.push(`${folder} ${prompts.a} ${seed}`);
      const tokens = { a: Int32Array.of(1), b: Int32Array.of(2) };
      return Promise.resolve({ prompts, tokens, grid: { rows: 1, columns: 1 } } as Frame);
    },
    pictures: () => Promise.resolve({ a: picture, b: picture }),
    judge: () => Promise.resolve({ controlled: true, judge: 'test' } as Judged),
    rest: () => undefined,
  };
  return { pairDrawer, asked };
};

test('picks one pair of each category by the seed, and gives both models the same noise', async () => {
  const { pairDrawer, asked } = drawerOf();
  const round = createHeldOutRound(pairDrawer, () => Promise.resolve(pairs));
  await round.pickAndDraw('base', settings, 11);
  const first = round.store.getState();
  expect(first.pairs.map(({ category }) => category)).toEqual(CATEGORIES);
  expect(Object.keys(first.results.base ?? {})).toHaveLength(6);
  await round.draw('tuned', settings);
  expect(asked.slice(6)).toEqual(asked.slice(0, 6).map((each) => each.replace('base', 'tuned')));
  // What is finished is not drawn again, and a seed stands for its pairs.
  await round.draw('tuned', settings);
  expect(asked).toHaveLength(12);
  const again = createHeldOutRound(drawerOf().pairDrawer, () => Promise.resolve(pairs));
  await again.pickAndDraw('base', settings, 11);
  expect(again.store.getState().pairs).toEqual(first.pairs);
  await again.pickAndDraw('base', settings, 12);
  expect(again.store.getState().pairs).not.toEqual(first.pairs);
});

test('tells what went wrong, keeps what is finished, and goes on from there', async () => {
  let broken = true;
  const { pairDrawer } = drawerOf((prompt) => broken && prompt.startsWith('2 '));
  const round = createHeldOutRound(pairDrawer, () => Promise.resolve(pairs));
  await round.pickAndDraw('base', settings, 3);
  expect(round.store.getState().problem).not.toBeNull();
  expect(Object.keys(round.store.getState().results.base ?? {})).toHaveLength(2);
  broken = false;
  await round.draw('base', settings);
  expect(round.store.getState()).toMatchObject({ problem: null, drawing: null });
  expect(Object.keys(round.store.getState().results.base ?? {})).toHaveLength(6);
});
