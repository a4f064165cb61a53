import AxeBuilder from '@axe-core/playwright';
import { expect } from '@playwright/test';
import type { Page } from '@playwright/test';

/** No violation of WCAG 2.2 A and AA that axe can find in what is on screen. */
export const expectAccessible = async (page: Page, state: string): Promise<void> => {
  // Dialogs and notices fade in; half-transparent text has too little contrast. What is hidden, as inside a closed disclosure, never ends its transitions.
  await page.evaluate(() => {
    const isShown = ({ effect }: Animation): boolean =>
      effect instanceof KeyframeEffect && effect.target?.checkVisibility() === true;
    return Promise.all(
      document
        .getAnimations()
        .filter(isShown)
        .map((animation) => animation.finished.catch(() => undefined)),
    );
  });
  const { violations } = await new AxeBuilder({ page })
    .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'])
    .analyze();
  const found = violations.flatMap(({ id, nodes }) =>
    nodes.map(({ target, failureSummary }) => `${id}: ${target.join(' ')}: ${failureSummary ?? ''}`),
  );
  expect(found, state).toEqual([]);
};
