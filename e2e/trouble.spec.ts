import { readFileSync } from 'node:fs';
import type { BrowserContext, Page, Route } from '@playwright/test';
import { BenchPage } from './pages/bench-page';
import { words } from './support/shipped';
import { expect, test } from './support/test';

/** Trouble shows in the console too, as failed loads; it must not show there as anything else. */
test.use({ allowedErrors: /Failed to load resource|net::ERR_/ });

const weights = '**/weights.bin';

/** Answers with the real file, changed. */
const changed =
  (change: (body: Buffer) => Buffer) =>
  async (route: Route): Promise<void> => {
    const response = await route.fetch();
    const body = change(await response.body());
    await route.fulfill({ response, body, headers: { ...response.headers(), 'content-length': String(body.length) } });
  };

const flipped = (body: Buffer): Buffer => {
  const copy = Buffer.from(body);
  copy[1000] = (copy[1000] ?? 0) ^ 0xff;
  return copy;
};

const expectKept = async (bench: BenchPage): Promise<void> => {
  await expect(bench.prompt.a).toHaveValue(words.two);
  await expect(bench.picture.a.getByRole('heading')).not.toHaveText(words.two);
  await bench.expectAllShown();
};

test.describe('the model’s files', () => {
  for (const { trouble, handler, sentence } of [
    {
      trouble: 'missing',
      handler: (route: Route) => route.fulfill({ status: 404, body: 'Not found' }),
      sentence: 'The model file weights.bin is missing.',
    },
    {
      trouble: 'truncated',
      handler: changed((body) => body.subarray(0, 100_000)),
      sentence: /The model file weights\.bin arrived incomplete: 100,000 bytes of [\d.]+ MB\./,
    },
    {
      trouble: 'altered',
      handler: changed(flipped),
      sentence: 'The model file weights.bin is not the one its manifest names: its SHA-256 differs.',
    },
  ]) {
    test(`${trouble}: one sentence, and trying again works when the file is right`, async ({ bench, context }) => {
      await context.route(weights, handler);
      await bench.type(words.two, words.three);
      await bench.run.click();
      await expect(bench.notice(sentence)).toBeVisible({ timeout: 60_000 });
      await expect(bench.modelPill).toContainText('could not be loaded');
      await expectKept(bench);
      if (trouble !== 'altered') return;
      await context.unroute(weights);
      await bench.drawAFew(2, () => bench.notices.getByRole('button', { name: 'Try again' }).click());
    });
  }

  test('the picture decoder missing: tokens and numbers of a link are there all the same', async ({
    bench,
    context,
    page,
  }) => {
    const url = await bench.link();
    await context.route('**/decoder.onnx', (route) => route.fulfill({ status: 404, body: 'Not found' }));
    const reader = await new BenchPage(await context.newPage()).visit(url);
    await expect(reader.notice('The model file decoder.onnx is missing.')).toBeVisible();
    await expect(reader.summary.getByText('tokens differ')).toBeVisible();
    await context.unroute('**/decoder.onnx');
    await reader.notices.getByRole('button', { name: 'Try again' }).click();
    await reader.pictures();
    await page.bringToFront();
  });
});

test('the network cut: one sentence, the recorded comparisons go on, and so does Run when it is back', async ({
  bench,
  context,
}) => {
  await context.setOffline(true);
  await bench.type(words.two, words.three);
  await bench.run.click();
  await expect(bench.notice(/could not be fetched|connection/)).toBeVisible({ timeout: 60_000 });
  await expectKept(bench);
  await bench.playhead.fill('10');
  await bench.expectShown((shown) => shown === 10, 'scrubbing works');
  await context.setOffline(false);
  await bench.drawAFew(2, () => bench.notices.getByRole('button', { name: 'Try again' }).click());
  // With the model in memory nothing needs the network: another pair, a recorded one, and a link of both.
  await context.setOffline(true);
  await bench.type(words.inRed, words.inBlue);
  await bench.draw();
  expect(new URL(await bench.link()).hash).toMatch(/^#c=/);
  await bench.showExample(1);
  await expect(bench.mark('recorded')).toBeVisible();
  await expect.poll(() => bench.colours(bench.picture.a)).toBeGreaterThan(64);
});

test('an example pressed without a network: one sentence at once, and nothing opens later by itself', async ({
  page,
  context,
  watch,
}) => {
  // All but the first are kept from the page, which fetches them beforehand.
  const { examples } = JSON.parse(readFileSync('public/examples/index.json', 'utf8')) as {
    readonly examples: readonly { readonly file: string }[];
  };
  const beforehand = new RegExp(
    `/(${examples
      .slice(1)
      .map(({ file }) => file)
      .join('|')})$`,
  );
  await context.route(beforehand, (route) => route.abort());
  const bench = await new BenchPage(page).visit();
  await page.getByRole('button', { name: 'Examples' }).click();
  await context.setOffline(true);
  await bench.examples.last().click();
  await expect(bench.notice(/^The recorded comparison “.+” could not be fetched\. Check the connection/)).toBeVisible();

  await context.unroute(beforehand);
  const before = watch.requests.length;
  await context.setOffline(false);
  // Whatever waited for the network would be done long before a pair is drawn.
  await bench.type(words.two, words.three);
  await bench.drawAFew(2);
  expect(watch.requests.slice(before).filter((request) => request.url().includes('/examples/'))).toEqual([]);
  await expect(bench.prompt.a).toHaveValue(words.two);
  await bench.showExample(-1);
  await expect(bench.prompt.a).not.toHaveValue(words.two);
});

test('Stop while the model loads leaves everything as it was, and Run loads it again', async ({ bench, context }) => {
  const gate: { open: () => void } = { open: () => undefined };
  const opened = new Promise<void>((resolve) => (gate.open = resolve));
  await context.route(weights, async (route) => {
    await opened;
    await route.continue().catch(() => undefined);
  });
  await bench.type(words.two, words.three);
  await bench.run.click();
  await expect(bench.run).toHaveText(/^Loading…/);
  const panel = await bench.modelPanel();
  await expect(panel.getByRole('progressbar', { name: 'Loading' })).toBeVisible();
  await expect(panel).toContainText(/[\d.]+ MB \/ [\d.]+ MB/);
  await bench.page.keyboard.press('Escape');
  await bench.stop.click();
  await expect(bench.run).toHaveText(/^Run pair/);
  await expectKept(bench);
  await expect(bench.notice('model file')).toBeHidden();
  gate.open();
  await bench.drawAFew(2);
});

test('workers that close themselves without a word are replaced, in the middle of a drawing and before the next', async ({
  bench,
  page,
}) => {
  const closeAll = () =>
    Promise.all(
      page.workers().map((worker) =>
        worker
          .evaluate(() => {
            self.close();
          })
          .catch(() => undefined),
      ),
    );
  await bench.type(words.two, words.three);
  await bench.draw(async () => {
    await bench.run.click();
    await bench.expectDrawing(3);
    await closeAll();
    await expect(
      bench.notice(
        /The drawing process ended unexpectedly and has been replaced; the drawing goes on from step \d+ with the same result\./,
      ),
    ).toBeVisible({ timeout: 60_000 });
  });
  const { tokens } = await bench.comparison();
  await closeAll();
  await bench.draw();
  expect((await bench.comparison()).tokens).toEqual(tokens);
});

test.describe('storage', () => {
  const fill = async (context: BrowserContext, page: Page, quotaSize: number): Promise<void> => {
    const session = await context.newCDPSession(page);
    await session.send('Storage.overrideQuotaForOrigin', { origin: new URL(page.url()).origin, quotaSize });
  };

  test('full: says so once and draws from memory', async ({ bench, context, page }) => {
    await fill(context, page, 1000);
    await bench.drawAFew(2);
    await expect(bench.notice('This browser would not store the model.')).toBeVisible();
  });

  test('forbidden: the page works, remembers nothing, and says so in the model’s panel', async ({
    context,
    page,
    watch,
  }) => {
    void watch;
    await context.addInitScript(() => {
      for (const name of ['localStorage', 'sessionStorage', 'caches']) {
        Object.defineProperty(window, name, {
          get() {
            throw new DOMException('Access is denied for this document.', 'SecurityError');
          },
        });
      }
    });
    const bench = await new BenchPage(page).visit();
    await page.getByRole('button', { name: 'Light or dark' }).click();
    await bench.type(words.two, words.three);
    await expect(await bench.modelPanel()).toContainText(
      'This browser forbids storage here, so the model is fetched again on each visit.',
    );
  });
});

test('no graphics adapter: the model’s panel says so, and the processor draws', async ({ bench }) => {
  await expect(await bench.modelPanel()).toContainText(
    /This browser does not offer WebGPU\.|WebGPU is there, but no graphics adapter answered\./,
  );
});

test('a comparison of a model that is not here shows its tokens and numbers, and says what is missing', async ({
  bench,
  page,
}) => {
  const file = JSON.parse(await bench.comparisonText()) as { model: { hash: string } };
  file.model.hash = '0123456789abcdef';
  await bench.openDialog.open();
  await bench.openDialog.dialog
    .locator('input[type="file"]')
    .setInputFiles({ name: 'elsewhere.json', mimeType: 'application/json', buffer: Buffer.from(JSON.stringify(file)) });
  await expect(page.getByText('from elsewhere.json')).toBeVisible();
  await expect(bench.notice('There is no model "embedded@0123456789abcdef" here.')).toBeVisible();
  await expect(bench.summary.getByText('tokens differ')).toBeVisible();
});
