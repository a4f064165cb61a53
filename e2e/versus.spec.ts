import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Comparison, encodeSheetLink } from '@/lib/comparison';
import { bundledChoices, parseManifest, roleTitle } from '@/lib/models';
import { VersusPage } from './pages/versus-page';
import { expectAccessible } from './support/accessible';
import { catalogue, words } from './support/shipped';
import { expect, test } from './support/test';

const prompts = { a: words.redAndBlue, b: words.blueAndRed };

const manifestOf = (folder: string) => parseManifest(readFileSync(join('public', 'models', folder, 'manifest.json')));

/** A finished comparison of a model, of its background but for one token. */
const comparisonOf = (folder: string): Comparison => {
  const { grid, codes, backgroundCode, weightType } = manifestOf(folder);
  const [name = '', hash = ''] = folder.split('@');
  const tokens = {
    a: new Int32Array(grid.rows * grid.columns).fill(backgroundCode),
    b: new Int32Array(grid.rows * grid.columns).fill(backgroundCode),
  };
  tokens.b[5] = backgroundCode === 9 ? 10 : 9;
  return {
    model: { name, hash },
    prompts,
    settings: {
      seed: 7,
      coupling: 'coupled',
      guidanceWeight: 1,
      temperature: 1,
      topK: 0,
      topP: 1,
      plausibility: 0.05,
      greedy: false,
    },
    grid,
    codes,
    tokens,
    trace: { length: tokens.a.length, precision: 'exact' },
    provenance: { executionProvider: 'wasm', weightType, runtime: 'onnxruntime-web 1.30.0', lanes: 6, adapter: null },
  };
};

test.describe('a sheet in the address', () => {
  const other = [...catalogue.models, ...catalogue.archived].find((folder) => folder !== catalogue.default);

  test('opens without a model’s weights, goes to the bench row by row, and does not come back', async ({
    page,
    watch,
  }) => {
    if (other === undefined) throw new Error('There is only one model to show pictures of.');
    const link = encodeSheetLink({ rows: [comparisonOf(catalogue.default), comparisonOf(other)] });
    await page.goto(link.ok ? `/${link.value}` : '/');
    const versus = new VersusPage(page);
    await expect(versus.link).toBeVisible({ timeout: 60_000 });
    expect(await versus.link.inputValue()).toContain(link.ok ? link.value : 'a link');
    await expect(versus.sheet).toContainText('The author’s result');
    await expect(versus.sheet.getByRole('img', { name: /A against B: 1 of \d+ differ/ })).toHaveCount(2);
    expect(watch.files()).not.toContain('weights.bin');
    await expectAccessible(page, 'model against model');
    await versus.sheet.getByRole('button', { name: 'To the bench' }).first().click();
    await expect(versus.dialog).toBeHidden();
    await expect(page.getByRole('main').getByText('the author’s result', { exact: true })).toBeVisible();
    expect(new URL(page.url()).hash).toBe('');
  });

  test('that is cut off is refused with a sentence, and the bench works', async ({ bench, page }) => {
    await page.evaluate(() => (window.location.hash = '#m=TQEABfxQAQAC9c'));
    await expect(bench.unreadable).toContainText('cut off');
    await expect(new VersusPage(page).dialog).toBeHidden();
    await page.getByRole('button', { name: 'Go on to the bench' }).click();
    await expect(bench.run).toBeEnabled();
  });
});

test.describe('two models that draw', () => {
  const { base, 'pair-grpo': tuned } = catalogue.roles;
  test.skip(
    bundledChoices(catalogue).length < 2 || base === undefined || tuned === undefined,
    'base and Pair-GRPO are not both here',
  );

  test('share tokenizer and decoder, and what they make of one pair is a link', async ({ bench, page, watch }) => {
    test.setTimeout(600_000);
    // What the bench itself reads is stored by then.
    await page.waitForLoadState('networkidle');
    const versus = new VersusPage(page);
    await versus.open();
    await versus.type(prompts.a, prompts.b);
    let received = 0;
    page.context().on('response', (response) => {
      if (response.url().includes(tuned ?? '')) void response.body().then((body) => (received += body.length));
    });
    await versus.draw();
    await expect(versus.link).toBeVisible({ timeout: 500_000 });
    const fetched = watch.modelFiles();
    // What both share came once.
    for (const file of ['decoder.onnx', 'codebook.png', 'text.json'])
      expect(
        fetched.filter((each) => each === file),
        file,
      ).toHaveLength(1);
    expect(fetched.filter((file) => file === 'weights.bin')).toHaveLength(2);
    expect(received).toBeLessThanOrEqual(12 * 2 ** 20);
    for (const folder of [base, tuned])
      await expect(
        versus.sheet.getByRole('group', {
          name: roleTitle(catalogue, folder ?? '', { evenDefault: true }) ?? '',
          exact: true,
        }),
      ).toContainText('for A');
    const differences = await versus.differences();
    expect(differences).toHaveLength(4);
    await expectAccessible(page, 'a drawn sheet');

    const link = await versus.link.inputValue();
    await page.keyboard.press('Escape');
    await page.goto('about:blank');
    await page.goto(link);
    await expect(versus.link).toHaveValue(link, { timeout: 60_000 });
    expect(await versus.differences()).toEqual(differences);
    await page.keyboard.press('Escape');

    // The other model may draw on the bench, too.
    await bench.modelPill.click();
    await page
      .getByRole('group', { name: 'Which bundled model draws' })
      .getByRole('button', { name: 'Pair-GRPO' })
      .click();
    await page.keyboard.press('Escape');
    await expect(bench.modelPill).toContainText('Pair-GRPO');
  });
});
