import { BenchPage } from './pages/bench-page';
import { expectAccessible } from './support/accessible';
import { offerTestJudge, openGolden } from './support/judge';
import { words } from './support/shipped';
import { expect, test } from './support/test';

for (const colorScheme of ['light', 'dark'] as const) {
  test.describe(colorScheme, () => {
    test.use({ colorScheme });

    test('a recorded comparison, its dialogs and panels', async ({ bench, page }) => {
      await expectAccessible(page, 'recorded');
      const { grid } = await bench.comparison();
      await bench.clickCell('a', 2 * grid.columns + 2, grid);
      for (const view of ['Tokens', 'Divergence', 'Pixels']) {
        await bench.difference.getByRole('tab', { name: view }).click();
        await expectAccessible(page, `cell locked, ${view}`);
      }
      await bench.modelPanel();
      await expectAccessible(page, 'model panel');
      await page.keyboard.press('Escape');
      await page.getByRole('button', { name: 'all settings' }).click();
      await expectAccessible(page, 'all settings');
      await page.keyboard.press('Escape');
      await page.getByRole('button', { name: 'What the model knows' }).click();
      await expect(page.getByRole('dialog', { name: 'What the model knows' })).toContainText(words.thing);
      await expectAccessible(page, 'vocabulary');
      await page.keyboard.press('Escape');
      await bench.shareDialog.open();
      await expectAccessible(page, 'share');
      await bench.shareDialog.close();
      await page.getByRole('button', { name: 'Keys and words' }).click();
      await expectAccessible(page, 'help');
      await page.keyboard.press('Escape');
      await page.getByRole('button', { name: 'All numbers as a table' }).click();
      await expectAccessible(page, 'numbers');
      await page.keyboard.press('Escape');
      await bench.openDialog.open();
      await bench.openDialog.paste('nothing');
      await expect(bench.openDialog.error).toBeVisible();
      await expectAccessible(page, 'open, with an error');
      await bench.openDialog.close();
      await bench.type(words.inRedMisspelt, '');
      await page.getByRole('textbox', { name: 'temperature' }).fill('hot');
      await bench.run.click();
      await expect(bench.notices).not.toBeEmpty();
      await expectAccessible(page, 'unknown word, empty prompt, bad setting, notice');
    });
  });
}

test('a drawing: under way, stopped, done', async ({ bench, page }) => {
  await bench.type(words.inRed, words.inBlue);
  const paused = await bench.pressAt(3, 'Pause');
  await bench.run.click();
  await paused();
  await expect(bench.goOn).toBeVisible();
  await expectAccessible(page, 'paused');
  await bench.goOn.click();
  await expectAccessible(page, 'drawing');
  if (await bench.stop.isVisible()) await bench.stop.click();
  await expect(bench.stop).toBeHidden();
  await expectAccessible(page, 'stopped');
});

test('the judge: of a pair, and of a prompt that it cannot read', async ({ bench, context, page }) => {
  await offerTestJudge(context);
  await page.reload();
  await bench.expectAllShown();
  for (const b of ['three red apples', 'an apple next to something']) {
    await openGolden(bench, { a: 'apple', b: 'three apples' }, { a: 'an apple', b });
    await bench.difference.getByRole('tab', { name: /^Judge/ }).click();
    await expect(bench.difference.getByRole('table')).toBeVisible();
    await expectAccessible(page, `judge, ${b}`);
  }
});

test('an opened link', async ({ bench, page }) => {
  const url = await bench.link();
  await page.goto('about:blank');
  await new BenchPage(page).visit(url);
  await expect(bench.mark('the author’s result')).toBeVisible();
  await expectAccessible(page, 'opened');
});

test.describe('on a phone', () => {
  test.use({ viewport: { width: 390, height: 844 }, hasTouch: true });

  test('the bench and its share dialog', async ({ bench, page }) => {
    await expectAccessible(page, 'phone');
    await bench.shareDialog.open();
    await expectAccessible(page, 'phone, share');
  });
});
