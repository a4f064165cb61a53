import { readFile } from 'node:fs/promises';
import { expect } from '@playwright/test';
import type { Download, Locator, Page } from '@playwright/test';

const DRAW_MS = 240_000;

/** The PairComp page as a person uses it. */
export class PaircompPage {
  readonly setup: Locator;
  readonly run: Locator;
  readonly results: Locator;
  readonly pairs: Locator;

  constructor(readonly page: Page) {
    this.setup = page.getByRole('region', { name: 'New run' });
    this.run = page.getByRole('region', { name: 'Run', exact: true });
    this.results = page.getByRole('region', { name: 'Results' });
    this.pairs = page.getByRole('region', { name: 'Pairs', exact: true });
  }

  button(name: string | RegExp): Locator {
    return this.page.getByRole('button', { name });
  }

  /** Pictures that are drawn, and all of the run. */
  async drawn(): Promise<readonly [number, number]> {
    const bar = this.run.getByRole('progressbar');
    // It counts draws: one picture for each of a pair's prompts.
    const [drawn, total] = await Promise.all(['aria-valuenow', 'aria-valuemax'].map((name) => bar.getAttribute(name)));
    return [2 * Number(drawn), 2 * Number(total)];
  }

  async expectDrawn(atLeast: number): Promise<void> {
    await expect
      .poll(async () => (await this.drawn())[0], { message: `${atLeast} pictures are drawn`, timeout: DRAW_MS })
      .toBeGreaterThanOrEqual(atLeast);
  }

  async expectFinished(): Promise<void> {
    await expect(this.run.getByRole('status')).toHaveText('Finished.', { timeout: DRAW_MS });
  }

  async saved(press: () => Promise<void>): Promise<{ readonly name: string; readonly bytes: Buffer }> {
    const waiting: Promise<Download> = this.page.waitForEvent('download');
    await press();
    const download = await waiting;
    return { name: download.suggestedFilename(), bytes: await readFile(await download.path()) };
  }
}
