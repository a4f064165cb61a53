import { staticUrl } from '../playwright.config';
import { BenchPage } from './pages/bench-page';
import { words } from './support/shipped';
import { expect, test } from './support/test';

test.describe('the static export under a sub-path, on a host that sends no special headers', () => {
  test('shows a recorded comparison, draws on the processor, and its links open', async ({ page, browser, watch }) => {
    const bench = await new BenchPage(page).visit(staticUrl);
    await expect(bench.mark('recorded')).toBeVisible();
    expect(await page.evaluate(() => crossOriginIsolated)).toBe(false);
    await expect(page.locator('meta[http-equiv="Content-Security-Policy"]')).toHaveAttribute(
      'content',
      /script-src 'self' 'wasm-unsafe-eval' 'sha256-/,
    );

    await bench.type(words.inRed, words.inBlue);
    await bench.draw();
    const drawn = await bench.comparison();
    const url = await bench.link();
    expect(url.startsWith(`${staticUrl}#c=`)).toBe(true);
    expect(watch.elsewhere(new URL(staticUrl).origin)).toEqual([]);

    const context = await browser.newContext();
    const reader = await new BenchPage(await context.newPage()).visit(url);
    await expect(reader.mark('the author’s result')).toBeVisible();
    expect((await reader.comparison()).tokens).toEqual(drawn.tokens);
    await expect.poll(() => reader.colours(reader.picture.a)).toBeGreaterThan(64);
    await context.close();
  });

  test('is not shown inside another page', async ({ page }) => {
    await page.setContent(`<iframe src="${staticUrl}"></iframe>`);
    const inside = page.frameLocator('iframe');
    await expect(inside.getByRole('link', { name: 'Open it in a tab of its own.' })).toBeVisible();
    await expect(inside.getByRole('button', { name: /Run/ })).toBeHidden();
  });
});
