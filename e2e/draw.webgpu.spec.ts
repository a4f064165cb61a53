import type { Page } from '@playwright/test';
import { BenchPage, type Side } from './pages/bench-page';
import { send } from './support/gpu-worker';
import { words } from './support/shipped';
import { expect, test } from './support/test';
import { Watch } from './support/watch';

/** One page, because a drawing on an emulated GPU takes its time. */
test.describe.configure({ mode: 'serial', timeout: 300_000 });

let page: Page;
let bench: BenchPage;
let watch: Watch;
let undisturbed: Record<Side, readonly number[]>;

test.beforeAll(async ({ browser }) => {
  const context = await browser.newContext();
  watch = new Watch().context(context);
  page = await context.newPage();
  bench = await new BenchPage(page).visit();
});
test.afterAll(async () => {
  await page.context().close();
});

/** On an emulated GPU a step takes long, so a part of the picture has to do. */
const partLength = 28;

/** The tokens that a stopped drawing has of each side. */
const drawnTokens = async (): Promise<Record<Side, readonly number[]>> => {
  const { tokens } = await bench.comparison();
  const part = (side: Side) => tokens[side].filter((token) => token >= 0).slice(0, partLength);
  return { a: part('a'), b: part('b') };
};

const stopAtPart = async (press: () => Promise<void>): Promise<void> => {
  const stopped = await bench.pressAt(partLength, 'Stop');
  await press();
  await stopped();
  await expect(bench.stop).toBeHidden();
};

test('Run draws on WebGPU; Stop freezes it, and it can go on', async () => {
  await bench.type(words.inRed, words.inBlue);
  await bench.drawAFew(6);
  const before = await bench.shown();
  expect(before.shown).toBeLessThan(before.total);
  await stopAtPart(() => page.getByRole('button', { name: 'Go on drawing' }).click());
  await expect(bench.modelPill).toContainText('WebGPU');
  expect((await bench.comparison()).provenance.executionProvider).toBe('webgpu');
  undisturbed = await drawnTokens();
  expect(undisturbed.a).toHaveLength(partLength);
  // The first rows are mostly paper: a few colours are enough to know that something was painted.
  expect(await bench.colours(bench.picture.a)).toBeGreaterThan(4);
  expect(watch.errors).toEqual([]);
});

for (const { what, method, sentence } of [
  {
    what: 'the GPU is lost',
    method: 'loseDevice',
    sentence:
      /The graphics device was lost and has been replaced; the drawing goes on from step \d+ with the same result\./,
  },
  {
    what: 'the worker crashes',
    method: 'crash',
    sentence:
      /The drawing process ended unexpectedly and has been replaced; the drawing goes on from step \d+ with the same result\./,
  },
] as const) {
  test(`when ${what} in the middle, the drawing goes on with the same tokens`, async () => {
    await stopAtPart(async () => {
      await bench.run.click();
      await bench.expectDrawing(3);
      await send(page, method);
      await expect(bench.notice(sentence)).toBeVisible({ timeout: 200_000 });
    });
    expect(await drawnTokens()).toEqual(undisturbed);
    expect((await bench.comparison()).provenance.executionProvider).toBe('webgpu');
  });
}
