import type { Page } from '@playwright/test';
import { staticUrl } from '../playwright.config';
import { BenchPage } from './pages/bench-page';
import { expect, test } from './support/test';

/** What a page served without scripts must say: what it is, both prompts, both pictures, and what was found. */
const expectFirstView = async (page: Page): Promise<void> => {
  await expect(page.getByText('Which token tells two almost equal prompts apart?')).toBeVisible();
  await expect(page.getByRole('region', { name: 'Finding' }).getByRole('heading')).toHaveText(
    'One token decides it: step 41, row 3. 4 of 144 tokens differ.',
  );
  for (const [side, word] of [
    ['A', 'STOP'],
    ['B', 'SHOP'],
  ] as const) {
    await expect(page.getByRole('textbox', { name: `Prompt ${side}` })).toHaveValue(`a red sign that says "${word}"`);
    const picture = page.getByRole('img', { name: `Picture ${side}: a red sign that says "${word}"` });
    await expect(picture).toBeVisible();
    await expect.poll(() => picture.evaluate((image: HTMLImageElement) => image.naturalWidth)).toBeGreaterThan(100);
  }
  await expect(page.getByText(/is empty/)).toHaveCount(0);
};

for (const { name, address } of [
  { name: 'the server', address: '/' },
  { name: 'a static host', address: staticUrl },
]) {
  test.describe(`${name}, without scripts`, () => {
    test.use({ javaScriptEnabled: false });

    test('serves the first comparison: prompts, pictures, and what was found', async ({ browser }) => {
      const context = await browser.newContext({ javaScriptEnabled: false });
      const page = await context.newPage();
      await page.goto(address);
      await expectFirstView(page);
      await context.close();
    });
  });
}

interface Paints {
  readonly shift: number;
  readonly largest: string;
}

/** Layout shifts and the largest paint from the first byte on. */
const watchPaints = (page: Page) =>
  page.addInitScript(() => {
    const seen = { shift: 0, largest: '' };
    Object.assign(window, { seenPaints: seen });
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) seen.shift += (entry as unknown as { value: number }).value;
    }).observe({ type: 'layout-shift', buffered: true });
    new PerformanceObserver((list) => {
      const last = list.getEntries().at(-1) as unknown as { element: Element | null };
      seen.largest = last.element?.tagName ?? '';
    }).observe({ type: 'largest-contentful-paint', buffered: true });
  });
const paints = (page: Page): Promise<Paints> =>
  page.evaluate(() => (window as unknown as { seenPaints: Paints }).seenPaints);

for (const viewport of [
  { width: 1440, height: 900 },
  { width: 1280, height: 720 },
  { width: 390, height: 844 },
]) {
  test(`nothing jumps at ${viewport.width} x ${viewport.height}, and a picture is the largest paint`, async ({
    browser,
  }) => {
    const context = await browser.newContext({ viewport });
    const page = await context.newPage();
    await watchPaints(page);
    await new BenchPage(page).visit();
    await page.waitForLoadState('networkidle');
    const { shift, largest } = await paints(page);
    expect(shift).toBeLessThan(0.02);
    expect(largest).toBe('IMG');
    await context.close();
  });
}

test('a reader of a link never sees the comparison that the page was served with', async ({ bench, browser }) => {
  await bench.showExample(-1);
  await expect(bench.prompt.a).not.toHaveValue(/STOP/);
  const url = await bench.link();
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.addInitScript(() => {
    const shown: string[] = [];
    Object.assign(window, { shown });
    const look = (): void => {
      const served = document.querySelector('[data-served]');
      if (served !== null && getComputedStyle(served).visibility === 'visible') shown.push('served');
      requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
  });
  const reader = await new BenchPage(page).visit(url);
  await expect(reader.mark('the author’s result')).toBeVisible();
  await expect(page).toHaveTitle(
    `${await reader.prompt.a.inputValue()} / ${await reader.prompt.b.inputValue()} · Pairscope`,
  );
  expect(await page.evaluate(() => (window as unknown as { shown: string[] }).shown)).toEqual([]);
  // Author and reader are told the same.
  const told = (one: BenchPage) => one.page.getByRole('region', { name: 'Finding' }).getByRole('heading').textContent();
  expect(await told(reader)).toBe(await told(bench));
  await context.close();
});

test('the next difference leads through the deciding cells first', async ({ bench, page }) => {
  await expect(page.getByRole('region', { name: 'Finding' })).toContainText('step 41');
  await page.getByRole('button', { name: /^Next difference/ }).click();
  await expect(bench.inspector).toContainText('step 41 · locked');
  await page.keyboard.press('n');
  await expect(bench.inspector).toContainText('step 42 · locked');
  const before = await bench.painted(bench.picture.a);
  await page.keyboard.press('h');
  await expect.poll(async () => before.equals(await bench.painted(bench.picture.a))).toBe(false);
});

test('prompts with spaces that a title drops leave the page usable', async ({ bench, page }) => {
  await bench.type(' two  cats\t', ' three  cats ');
  await bench.drawAFew(2);
  // What the address says changes, so the router writes its own title.
  await page.keyboard.press('n');
  await page.getByRole('button', { name: 'One step back' }).click();
  await expect(page).toHaveTitle('two cats / three cats · Pairscope');
  await expect.poll(() => new URL(page.url()).searchParams.has('step')).toBe(true);
  await expect(page).toHaveTitle('two cats / three cats · Pairscope');
  await bench.playhead.fill('1');
  await bench.expectShown((shown) => shown === 1, 'the page answers');
});
