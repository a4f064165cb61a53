import { words } from './support/shipped';
import { expect, test } from './support/test';
import { modelBytes } from './support/watch';

test.describe('the first visit', () => {
  test('shows a recorded comparison at once and fetches no model', async ({ bench, watch, baseURL }) => {
    await expect(bench.mark('recorded')).toBeVisible();
    await expect(bench.prompt.a).not.toHaveValue('');
    await expect(bench.summary.getByText('tokens differ')).toBeVisible();
    for (const region of [bench.picture.a, bench.picture.b]) {
      await expect.poll(() => bench.colours(region)).toBeGreaterThan(64);
    }
    await expect(bench.modelPill).toContainText('loads on Run');
    expect(watch.files().filter((file) => modelBytes.test(file))).toEqual([]);
    expect(watch.elsewhere(new URL(baseURL ?? '').origin)).toEqual([]);
  });

  test('is isolated and sends a policy under which only its own scripts run', async ({ page, bench }) => {
    const response = await page.goto('/');
    const headers = response?.headers() ?? {};
    expect(headers['content-security-policy']).toMatch(
      /default-src 'self'.*script-src 'self' 'wasm-unsafe-eval' 'nonce-/,
    );
    expect(headers['content-security-policy']).not.toMatch(/script-src[^;]*'unsafe-(inline|eval)'/);
    expect(headers['x-content-type-options']).toBe('nosniff');
    expect(await page.evaluate(() => crossOriginIsolated)).toBe(true);
    await expect(bench.mark('recorded')).toBeVisible();
  });

  test('answers reading only, has no image loader, and a policy on what is missing', async ({ request }) => {
    for (const method of ['TRACE', 'POST', 'OPTIONS'])
      expect((await request.fetch('/', { method })).status(), method).toBe(405);
    expect((await request.get('/_next/image?url=%2Fexamples%2Fcolor-a.png&w=64&q=75')).status()).toBe(404);
    const missing = await request.get('/examples/none.json');
    expect(missing.status()).toBe(404);
    expect(missing.headers()['content-security-policy']).toContain("frame-ancestors 'none'");
  });

  test('offers one recorded comparison a category', async ({ bench, page }) => {
    await page.getByRole('button', { name: 'Examples' }).click();
    const names = await bench.examples.allTextContents();
    expect(names.length).toBeGreaterThanOrEqual(4);
    expect(new Set(names).size).toBe(names.length);
    await page.keyboard.press('Escape');
    const before = await bench.painted(bench.picture.a);
    const prompt = await bench.prompt.a.inputValue();
    await bench.showExample(-1);
    await bench.expectAllShown();
    await expect(bench.prompt.a).not.toHaveValue(prompt);
    await expect(bench.mark('recorded')).toBeVisible();
    await expect.poll(async () => before.equals(await bench.painted(bench.picture.a))).toBe(false);
    await page.getByRole('button', { name: 'Examples' }).click();
    await expect(bench.examples.last()).toHaveAttribute('aria-pressed', 'true');
  });

  test('can be scrubbed and replayed', async ({ bench, page }) => {
    const { total } = await bench.shown();
    const whole = await bench.colours(bench.picture.a);
    await bench.playhead.fill('40');
    await bench.expectShown((shown) => shown === 40, '40 tokens are shown');
    await expect.poll(() => bench.colours(bench.picture.a)).toBeLessThan(whole);
    await page.getByRole('button', { name: 'One step back' }).click();
    await bench.expectShown((shown) => shown === 39, '39 tokens are shown');
    await page.getByRole('button', { name: 'First step' }).click();
    await bench.expectShown((shown) => shown === 0, 'no token is shown');
    await page.getByRole('button', { name: '4×' }).click();
    await page.getByRole('button', { name: 'Replay' }).click();
    await bench.expectShown((shown) => shown > 0 && shown < total, 'the replay is under way');
    await bench.expectAllShown();
    await expect(page.getByRole('button', { name: 'Replay' })).toBeVisible();
  });

  test('keeps the theme that was chosen', async ({ bench, page }) => {
    const background = () => page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);
    const light = await background();
    await page.getByRole('button', { name: 'Light or dark' }).click();
    await expect.poll(background).not.toBe(light);
    const dark = await background();
    await page.reload();
    await bench.expectAllShown();
    expect(await background()).toBe(dark);
  });

  test('names the edit and marks the words', async ({ bench, page }) => {
    const prompts = page.getByRole('region', { name: 'Prompts' });
    await bench.type(words.redAndBlue, words.blueAndRed);
    await expect(prompts).toContainText(/swap/i);
    await prompts.getByRole('button', { name: 'Swap A and B' }).click();
    await expect(bench.prompt.a).toHaveValue(words.blueAndRed);
    await prompts.getByRole('button', { name: 'Copy A to B' }).click();
    await expect(bench.prompt.b).toHaveValue(words.blueAndRed);
    await expect(prompts).toContainText('identical prompts');
  });
});
