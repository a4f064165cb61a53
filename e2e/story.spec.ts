import { existsSync, readFileSync } from 'node:fs';
import { outcome, parseGrpoReport } from '@/lib/grpo';
import { bundledChoices } from '@/lib/models';
import { expectAccessible } from './support/accessible';
import { catalogue } from './support/shipped';
import { expect, test } from './support/test';

const file = 'public/grpo/report.json';
const report = existsSync(file) ? parseGrpoReport(readFileSync(file, 'utf8')) : null;

test('the story: a recorded pair judged, random pairs drawn live, the experiment’s numbers, a pair of one’s own', async ({
  page,
  watch,
}) => {
  await page.goto('/pair-grpo');
  const chapter = (title: string) => page.getByRole('region', { name: title, exact: true });

  const question = chapter('What the benchmark asks');
  await question.getByRole('tab', { name: 'Counting' }).click();
  await question.getByRole('button', { name: 'Ask the judge' }).click();
  await expect(question.getByText('P(yes) of A for its prompt')).toBeVisible({ timeout: 60_000 });
  await expectAccessible(page, 'the judge’s answer');
  expect(watch.files()).not.toContain('weights.bin');

  const fails = chapter('Where the base fails');
  await fails.getByRole('button', { name: 'Draw six pairs' }).click();
  const pairs = fails.getByRole('list', { name: 'Held-out pairs' }).getByRole('listitem');
  await expect(pairs).toHaveCount(6, { timeout: 60_000 });
  // A verdict, whichever it is.
  await expect(
    pairs
      .first()
      .getByText(/^((both|only A|only B|neither) right|not read)$/)
      .first(),
  ).toBeVisible({ timeout: 240_000 });
  await fails.getByRole('button', { name: 'Stop' }).click();
  await expect(fails.getByRole('button', { name: 'Go on' })).toBeVisible();
  await expect(fails.getByText(/of 1 pairs? controlled/)).toBeVisible();

  const came = chapter('What came of it');
  if (report === null) await expect(came).toContainText('No experiment is finished yet');
  else {
    await expect(came.getByText(outcome(report) ?? '')).toBeVisible();
    await expect(came.getByRole('table', { name: /^Held-out pairs by method/ }).getByRole('row')).toHaveCount(
      1 + Object.keys(report.methods).length,
    );
    await came.getByText('By category', { exact: true }).click();
  }
  await expect(chapter('A pair of your own').getByRole('textbox', { name: 'Prompt of side A' })).toHaveCount(
    bundledChoices(catalogue).length > 1 ? 1 : 0,
  );
  await expectAccessible(page, 'the whole story');
});

test.describe('on a phone, in the dark', () => {
  test.use({ viewport: { width: 360, height: 740 }, colorScheme: 'dark' });

  test('it never scrolls sideways', async ({ page, watch }) => {
    void watch;
    await page.goto('/pair-grpo');
    await expect(page.getByRole('heading', { name: 'A pair of your own' })).toBeVisible();
    expect(await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)).toBe(
      0,
    );
    await expectAccessible(page, 'the story, dark');
  });
});
