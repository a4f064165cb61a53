import type { Page } from '@playwright/test';
import type { ComparisonFile } from './pages/bench-page';
import { words } from './support/shipped';
import { expect, test } from './support/test';

/** U+2212, the minus sign of the page. */
const withMinus = (text: string): string => text.replace('-', '−');

const at = (values: readonly number[] | undefined, step: number): number => {
  const value = values?.[step];
  if (value === undefined) throw new Error(`The file has no number at step ${step}.`);
  return value;
};

/** The text of the focused element, or its accessible label. */
const focused = (page: Page): Promise<string> =>
  page.evaluate(() => {
    const element = document.activeElement;
    if (!(element instanceof HTMLElement)) return '';
    const labels =
      element instanceof HTMLTextAreaElement || element instanceof HTMLInputElement
        ? [...(element.labels ?? [])].map((label) => label.textContent).join(' ')
        : '';
    return (element.getAttribute('aria-label') ?? (labels !== '' ? labels : element.textContent)).trim();
  });

/** Tab until something with this name has the focus. */
const tabTo = async (page: Page, name: RegExp): Promise<void> => {
  for (let i = 0; i < 80; i += 1) {
    await page.keyboard.press('Tab');
    if (name.test(await focused(page))) return;
  }
  throw new Error(`Tab does not lead to ${String(name)}.`);
};

test.describe('one cursor over all grids', () => {
  test('hover previews, a click locks, arrow keys move it, Escape frees it', async ({ bench, page }) => {
    const file = await bench.comparison();
    const { grid } = file;
    const step = 5 * grid.columns + 4;
    const title = bench.inspector.getByRole('heading');

    await bench.picture.a.locator('canvas').last().hover();
    await expect(bench.inspector).toContainText(/Row \d+, column \d+ · step \d+/);
    await bench.clickCell('a', step, grid);
    await expect(title).toHaveText('Row 5, column 4');
    await expect(bench.inspector).toContainText(`step ${step} · locked`);
    await page.mouse.move(2, 2);
    await expect(title).toHaveText('Row 5, column 4');

    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('ArrowDown');
    await expect(title).toHaveText('Row 6, column 5');
    await page.keyboard.press('Escape');
    await expect(bench.inspector).toBeHidden();
    // The same place of the other picture is the same cell.
    await bench.clickCell('b', step, grid);
    await expect(title).toHaveText('Row 5, column 4');
  });

  test('arrow keys begin at the deciding cell and lock nothing; Enter locks and frees', async ({ bench, page }) => {
    const deciding = /step (\d+), row/.exec(
      (await page.getByRole('region', { name: 'Finding' }).textContent()) ?? '',
    )?.[1];
    await page.keyboard.press('ArrowRight');
    await expect(bench.inspector).toContainText(`step ${deciding}`);
    await page.keyboard.press('ArrowRight');
    await expect(bench.inspector).toContainText(`step ${Number(deciding) + 1}`);
    await expect(bench.inspector).not.toContainText('locked');
    await page.keyboard.press('Enter');
    await expect(bench.inspector).toContainText(`step ${Number(deciding) + 1} · locked`);
    await page.keyboard.press('Enter');
    await expect(bench.inspector).not.toContainText('locked');
  });

  test('B lies over A up to a line that is dragged or moved by keys, and whole while B is held', async ({
    bench,
    page,
  }) => {
    const line = page.getByRole('slider', { name: 'Wipe from A to B' });
    const whole = () =>
      bench.picture.a
        .locator('canvas')
        .evaluateAll((all) => all.map((each) => each.parentElement?.style.clipPath ?? ''));
    await expect(line).toBeHidden();
    await page.keyboard.down('b');
    await expect(bench.picture.a.getByRole('heading')).toHaveText(await bench.prompt.b.inputValue());
    await expect.poll(whole).toContain('none');
    await page.keyboard.up('b');
    await expect(bench.picture.a.getByRole('heading')).toHaveText(await bench.prompt.a.inputValue());

    await bench.picture.a.getByRole('button', { name: 'Wipe' }).click();
    await expect(line).toHaveValue('50');
    const { x, y, width, height } = (await line.boundingBox()) ?? { x: 0, y: 0, width: 0, height: 0 };
    await page.mouse.move(x + width / 2, y + height * 0.8);
    await page.mouse.down();
    await page.mouse.move(x + width * 0.8, y + height * 0.8, { steps: 4 });
    await page.mouse.up();
    await expect.poll(async () => Number(await line.inputValue())).toBeGreaterThan(70);
    await line.press('Home');
    await expect(line).toHaveValue('0');
    await expect(line).toHaveAttribute('aria-valuetext', /^A up to 0 %/);
    // Cells beside the line can be pressed as ever.
    const { grid } = await bench.comparison();
    await bench.clickCell('a', grid.columns + 6, grid);
    await expect(bench.inspector.getByRole('heading')).toHaveText('Row 1, column 6');
    await page.keyboard.press('w');
    await expect(line).toBeHidden();
  });

  test('the inspector tells the numbers that the file holds', async ({ bench }) => {
    const file = await bench.comparison();
    const { grid, tokens, trace } = file;
    const differing = tokens.a.findIndex((token, step) => token !== tokens.b[step]);
    for (const step of new Set([Math.max(differing, 0), grid.rows * grid.columns - 1])) {
      await bench.clickCell('a', step, grid);
      await expect(bench.inspector).toContainText(`step ${step} · locked`);
      for (const side of ['a', 'b'] as const) {
        await expect(bench.inspector).toContainText(String(at(tokens[side], step)));
      }
      const pair = (values: ComparisonFile['trace']['entropyBits'], digits: number) =>
        (['a', 'b'] as const).map((side) => withMinus(at(values?.[side], step).toFixed(digits)));
      await expect(bench.number('rank').getByRole('cell')).toHaveText(pair(trace.rank, 0));
      await expect(bench.number('entropy').getByRole('cell')).toHaveText(pair(trace.entropyBits, 2));
      await expect(bench.number('side divergence').getByRole('cell')).toHaveText([
        at(trace.divergenceBits, step).toFixed(2),
      ]);
      await expect(bench.number('prompt divergence').getByRole('cell')).toHaveText(pair(trace.promptDivergenceBits, 2));
    }
  });

  test('every number is in a table too', async ({ bench, page }) => {
    const { tokens } = await bench.comparison();
    await page.getByRole('button', { name: 'All numbers as a table' }).click();
    const dialog = page.getByRole('dialog', { name: 'All numbers' });
    await expect(dialog.getByRole('row')).toHaveCount(tokens.a.length + 2);
    await dialog.getByRole('button', { name: 'where tokens differ' }).click();
    await expect(dialog.getByRole('row')).toHaveCount(
      tokens.a.filter((token, step) => token !== tokens.b[step]).length + 2,
    );
  });

  test('the four maps show different things of the same comparison', async ({ bench }) => {
    const seen = new Set<string>();
    for (const view of ['Cross score', 'Tokens', 'Divergence', 'Pixels']) {
      await bench.difference.getByRole('tab', { name: view }).click();
      await expect(bench.difference.getByRole('tabpanel')).toHaveAccessibleName(view);
      await expect
        .poll(async () => {
          const pixels = (await bench.painted(bench.difference)).toString('base64');
          return seen.has(pixels) ? null : seen.add(pixels).size;
        })
        .not.toBeNull();
    }
  });

  test('zoom is shared and can be undone', async ({ bench, page }) => {
    const before = await bench.settled(bench.picture.b);
    await page.getByRole('button', { name: 'Zoom in' }).click();
    await expect.poll(async () => before.equals(await bench.painted(bench.picture.b))).toBe(false);
    await page.getByRole('button', { name: 'Show the whole grid' }).click();
    await expect.poll(async () => before.equals(await bench.painted(bench.picture.b))).toBe(true);
  });
});

test('an address points at a cell, follows what is looked at, and forgets it with the comparison', async ({
  bench,
  page,
}) => {
  const { grid } = await bench.comparison();
  const link = new URL(await bench.link());
  const step = 2 * grid.columns + 3;
  const query = () => Object.fromEntries(new URL(page.url()).searchParams);
  // A new document: a change of the fragment alone would not load the page.
  await page.goto('about:blank');
  await bench.visit(`/?view=tokens&cell=${step}${link.hash}`);
  await expect(bench.mark('the author’s result')).toBeVisible();
  await expect(bench.inspector.getByRole('heading')).toHaveText('Row 2, column 3');
  await expect(bench.difference.getByRole('tab', { name: 'Cell' })).toHaveAttribute('aria-selected', 'true');

  const entries = await page.evaluate(() => history.length);
  await bench.difference.getByRole('tab', { name: 'Divergence' }).click();
  await bench.difference.getByRole('button', { name: 'B', exact: true }).click();
  await bench.clickCell('a', step + 1, grid);
  // Whoever looks at the map while a cell is locked keeps the map.
  await expect(bench.difference.getByRole('tabpanel')).toHaveAccessibleName('Divergence');
  await expect.poll(query).toEqual({ view: 'divergence', side: 'promptB', cell: `${step + 1}` });
  expect(new URL(page.url()).hash).toBe(link.hash);
  expect(await page.evaluate(() => history.length)).toBe(entries);
  await page.reload();
  await expect(bench.inspector.getByRole('heading')).toHaveText('Row 2, column 4');
  await page.keyboard.press('Escape');
  await expect(bench.difference.getByRole('tabpanel')).toHaveAccessibleName('Divergence');

  await bench.showExample(-1);
  await expect(bench.mark('recorded')).toBeVisible();
  await expect.poll(query).toEqual({ view: 'divergence', side: 'promptB' });
  expect(new URL(page.url()).hash).toBe('');
});

test('everything can be done with the keyboard alone', async ({ bench, page, context }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await tabTo(page, /^Prompt A$/);
  await page.keyboard.press('ControlOrMeta+A');
  await page.keyboard.type(words.inRed);
  await tabTo(page, /^Prompt B$/);
  await page.keyboard.press('ControlOrMeta+A');
  // Single-key shortcuts must stay letters here.
  await page.keyboard.type(words.otherInRed);
  await expect(bench.prompt.b).toHaveValue(words.otherInRed);
  await bench.draw(() => page.keyboard.press('ControlOrMeta+Enter'));

  await tabTo(page, new RegExp(`^Picture A: ${words.inRed}$`));
  await page.keyboard.press('Home');
  await page.keyboard.press('ArrowDown');
  await expect(bench.inspector).not.toContainText('locked');
  await page.keyboard.press('Enter');
  await expect(bench.inspector).toContainText('locked');
  await expect(
    page.locator('[aria-live="polite"]', { hasText: /^Row \d+, column 0, step \d+, locked: / }),
  ).toBeAttached();
  await page.keyboard.press('Escape');
  await expect(bench.inspector).toBeHidden();
  await page.keyboard.press('2');
  await expect(bench.difference.getByRole('tab', { name: 'Tokens' })).toHaveAttribute('aria-selected', 'true');

  await page.keyboard.press('s');
  await expect(bench.shareDialog.dialog).toBeVisible();
  await expect(bench.shareDialog.dialog.locator(':focus')).toBeVisible();
  const url = await bench.shareDialog.url();
  await tabTo(page, /^Copy link$/);
  await page.keyboard.press('Enter');
  await expect(bench.shareDialog.dialog).toContainText('Copied');
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(url);
  await page.keyboard.press('Escape');
  await expect(bench.shareDialog.dialog).toBeHidden();
  await page.keyboard.press('?');
  await expect(page.getByRole('dialog', { name: 'Keys and words' })).toBeVisible();
});
