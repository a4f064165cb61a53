import type { Page, Worker } from '@playwright/test';
import { BenchPage } from './pages/bench-page';
import type { ComparisonFile } from './pages/bench-page';
import { expect, test } from './support/test';
import { Watch } from './support/watch';

/** One page, because a drawing on an emulated GPU takes its time. */
test.describe.configure({ mode: 'serial', timeout: 300_000 });

let page: Page;
let bench: BenchPage;
let watch: Watch;
let undisturbed: ComparisonFile;

test.beforeAll(async ({ browser }) => {
  const context = await browser.newContext();
  watch = new Watch().context(context);
  page = await context.newPage();
  bench = await new BenchPage(page).visit();
});
test.afterAll(async () => {
  await page.context().close();
});

/** The worker in which the GPU build of the runtime runs. */
const engineWorker = async (): Promise<Worker> => {
  for (const worker of page.workers()) {
    const isGpu = await worker.evaluate(() => performance.getEntriesByType('resource').some(({ name }) => name.includes('asyncify'))).catch(() => false);
    if (isGpu) return worker;
  }
  throw new Error('No worker draws on WebGPU.');
};

/** Sends the worker a message as the page would. */
const send = async (method: 'loseDevice' | 'crash'): Promise<void> => {
  const worker = await engineWorker();
  await worker.evaluate((name) => {
    self.dispatchEvent(new MessageEvent('message', { data: { kind: 'call', id: 1_000_000, method: name } }));
  }, method);
};

test('Run draws on WebGPU', async () => {
  await bench.type('a red apple', 'a blue apple');
  await bench.draw();
  await expect(bench.modelPill).toContainText('WebGPU');
  undisturbed = await bench.comparison();
  expect(undisturbed.provenance.executionProvider).toBe('webgpu');
  expect(undisturbed.tokens.a).not.toEqual(undisturbed.tokens.b);
  expect(await bench.colours(bench.picture.a)).toBeGreaterThan(64);
  expect(watch.errors).toEqual([]);
});

for (const { what, method } of [
  { what: 'the GPU is lost', method: 'loseDevice' },
  { what: 'the worker crashes', method: 'crash' },
] as const) {
  test(`when ${what} in the middle, the drawing goes on to the same end`, async () => {
    await bench.draw(async () => {
      await bench.run.click();
      await bench.expectDrawing(20);
      await send(method);
    });
    expect((await bench.comparison()).tokens).toEqual(undisturbed.tokens);
    expect((await bench.comparison()).provenance.executionProvider).toBe('webgpu');
  });
}
