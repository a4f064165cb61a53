import { test as base, expect } from '@playwright/test';
import type { Page } from '@playwright/test';
import { BenchPage } from '../pages/bench-page';
import { Watch } from './watch';

interface Fixtures {
  /** What the test's own page requests and what goes wrong in it; a test in which something does fails at its end. */
  readonly watch: Watch;
  /** The bench with its first recorded comparison on screen. */
  readonly bench: BenchPage;
  /** Errors that belong to the trouble that a test makes. */
  readonly allowedErrors: RegExp | null;
}

export const test = base.extend<Fixtures>({
  allowedErrors: [null, { option: true }],
  watch: async ({ context, allowedErrors }, use) => {
    const watch = new Watch().context(context);
    await use(watch);
    expect(watch.errors.filter((error) => allowedErrors?.test(error) !== true)).toEqual([]);
  },
  bench: async ({ page, watch }, use) => {
    void watch;
    await use(await new BenchPage(page).visit());
  },
});

export { expect };
export type { Page };
