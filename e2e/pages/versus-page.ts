import type { Locator, Page } from '@playwright/test';

/** Model against model, as it lies over the bench. */
export class VersusPage {
  readonly dialog: Locator;
  readonly sheet: Locator;
  readonly link: Locator;

  constructor(readonly page: Page) {
    this.dialog = page.getByRole('dialog', { name: 'Model against model' });
    this.sheet = this.dialog.getByRole('region', { name: 'Sheet', exact: true });
    this.link = this.dialog.getByRole('textbox', { name: 'Link to this sheet' });
  }

  async open(): Promise<void> {
    await this.page.getByRole('button', { name: 'Model against model' }).click();
  }

  async type(a: string, b: string): Promise<void> {
    await this.dialog.getByRole('textbox', { name: 'Prompt of side A' }).fill(a);
    await this.dialog.getByRole('textbox', { name: 'Prompt of side B' }).fill(b);
  }

  async draw(): Promise<void> {
    await this.dialog.getByRole('button', { name: 'Draw on both models' }).click();
  }

  /** What is said of the differences, in the order of the sheet: of each row, then across. */
  async differences(): Promise<string[]> {
    const labels = await this.sheet
      .getByRole('img', { name: /differs?( |$|,)/ })
      .evaluateAll((all) => all.map((each) => each.getAttribute('aria-label') ?? ''));
    return labels;
  }
}
