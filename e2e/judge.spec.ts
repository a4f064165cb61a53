import { join } from 'node:path';
import type { Locator } from '@playwright/test';
import { judgeOf, judgePair } from '@/cli/pair-judge';
import { formatProbability } from '@/components/inspector/format';
import type { BenchPage } from './pages/bench-page';
import { goldenScore, offerTestJudge, openGolden } from './support/judge';
import { catalogue, words } from './support/shipped';
import { expect, test } from './support/test';

const tab = (bench: BenchPage): Locator => bench.difference.getByRole('tab', { name: /^Judge/ });
const panel = (bench: BenchPage): Locator => bench.difference.getByRole('tabpanel', { name: 'Judge' });

/** The row of a picture: its P(yes) for prompt A and for prompt B, as shown. */
const row = async (bench: BenchPage, picture: 'A' | 'B'): Promise<string[]> =>
  panel(bench)
    .getByRole('row')
    .filter({ has: bench.page.getByRole('rowheader', { name: `picture ${picture}` }) })
    .getByRole('cell')
    .allTextContents();

test.describe('an opened pair', () => {
  test.beforeEach(({ context }) => offerTestJudge(context));

  test('is judged when somebody asks, with the numbers of the Python judge', async ({ bench, watch }) => {
    const prompts = { a: 'an apple', b: 'three red apples' };
    await openGolden(bench, { a: 'apple', b: 'three apples' }, prompts);
    await expect(tab(bench)).toBeVisible();
    expect(watch.files()).not.toContain('judge.onnx');
    await tab(bench).click();
    await expect(panel(bench)).toContainText('Both pictures are right by their own prompts.');
    const shown = (picture: string) =>
      [prompts.a, prompts.b].map((prompt) => formatProbability(goldenScore(picture, prompt)));
    expect(await row(bench, 'A')).toEqual(shown('apple'));
    expect(await row(bench, 'B')).toEqual(shown('three apples'));
    await expect(bench.difference).toContainText('A small model’s answer, not the truth.');
    await expect(panel(bench).getByRole('link', { name: 'how good it is' })).toHaveAttribute('href', /model/);
    await expect(tab(bench)).toHaveAccessibleName('Judge both right');
  });

  test('with pictures that were swapped is said to be mixed up', async ({ bench }) => {
    await openGolden(bench, { a: 'three apples', b: 'apple' }, { a: 'an apple', b: 'three red apples' });
    await tab(bench).click();
    await expect(panel(bench)).toContainText('they are mixed up.');
  });

  test('with a prompt outside the grammar says which and why, and keeps the other numbers', async ({ bench }) => {
    await openGolden(bench, { a: 'apple', b: 'three apples' }, { a: 'an apple', b: 'an apple next to something' });
    await tab(bench).click();
    await expect(panel(bench)).toContainText(/Prompt B is not read\. [A-Z].*\./);
    expect(await row(bench, 'A')).toEqual([formatProbability(goldenScore('apple', 'an apple')), 'not read']);
  });
});

test.describe('a judge that cannot be had', () => {
  test.use({ allowedErrors: /404/ });

  test('says so, and is asked again', async ({ bench, context, page }) => {
    await offerTestJudge(context);
    await page.reload();
    await bench.expectAllShown();
    await openGolden(bench, { a: 'apple', b: 'three apples' }, { a: 'an apple', b: 'three apples' });
    await context.route('**/judge.onnx', (route) => route.fulfill({ status: 404 }));
    await tab(bench).click();
    await expect(panel(bench)).toContainText('judge.onnx');
    await context.unroute('**/judge.onnx');
    await panel(bench).getByRole('button', { name: 'Ask again' }).click();
    await expect(panel(bench).getByRole('table')).toBeVisible();
  });
});

test.describe('a pair drawn here', () => {
  test.skip(catalogue.judges.length === 0, 'no judge is bundled');

  test('has its verdict soon after, with the numbers of the command line', async ({ bench }) => {
    const judge = await judgeOf(join('public', 'models', catalogue.default));
    if (judge === null) throw new Error('The model that draws has no judge.');
    const prompts = { a: words.redAndBlue, b: words.blueAndRed };
    await bench.type(prompts.a, prompts.b);
    await bench.draw();
    await expect(tab(bench)).toHaveAccessibleName(/^Judge (both|only A|only B|neither) right$/);
    await tab(bench).click();
    const { tokens } = await bench.comparison();
    const said = await judgePair(judge, prompts, { a: Int32Array.from(tokens.a), b: Int32Array.from(tokens.b) });
    expect([...(await row(bench, 'A')), ...(await row(bench, 'B'))]).toEqual(
      [said.aForA, said.aForB, said.bForA, said.bForB].map((value) => formatProbability(value ?? undefined)),
    );
  });
});
