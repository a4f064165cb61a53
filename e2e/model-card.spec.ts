import AxeBuilder from '@axe-core/playwright';
import { readFileSync } from 'node:fs';
import { parseModelCard } from '@/lib/models';
import { catalogue, files } from './support/shipped';
import { expect, test } from './support/test';

const card = parseModelCard(readFileSync(`public/models/${catalogue.default}/${files.card.path}`));

test('the model card tells what the model’s files say, and nothing that they do not', async ({ page, watch }) => {
  void watch;
  await page.goto('/model');
  await expect(page.getByText(card.description)).toBeVisible();
  await expect(page.getByText(catalogue.default)).toBeVisible();
  const report = card.asShipped ?? card.evaluation;
  const accuracy = page.getByRole('table', { name: 'Accuracy by category' });
  await expect(accuracy.getByRole('row').last()).toContainText(((report?.right ?? NaN) * 100).toFixed(1));
  await expect(accuracy.getByRole('row')).toHaveCount(Object.keys(report?.categories ?? {}).length + 2);
  for (const weakness of card.weaknesses ?? []) await expect(page.getByText(weakness)).toBeVisible();
  await expect(page.getByRole('heading', { name: 'As the paper measures' })).toHaveCount(
    card.judge === undefined ? 0 : 1,
  );
  await expect(page.getByRole('heading', { name: 'Pictures' })).toHaveCount(files.contactSheet === undefined ? 0 : 1);
  const { violations } = await new AxeBuilder({ page })
    .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'])
    .analyze();
  expect(violations.map(({ id }) => id)).toEqual([]);
});

test.describe('on a phone', () => {
  test.use({ viewport: { width: 320, height: 640 } });

  test('it never scrolls sideways', async ({ page }) => {
    await page.goto('/model');
    await expect(page.getByRole('heading', { name: 'Licences' })).toBeVisible();
    expect(await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)).toBe(
      0,
    );
  });
});
