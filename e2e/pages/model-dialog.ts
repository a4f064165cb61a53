import { expect } from '@playwright/test';
import type { Locator, Page } from '@playwright/test';
import type { BenchPage } from './bench-page';

/** The choice of models, as a person uses it. */
export class ModelDialog {
  readonly dialog: Locator;
  readonly found: Locator;
  readonly download: Locator;
  readonly error: Locator;

  constructor(private readonly page: Page) {
    this.dialog = page.getByRole('dialog', { name: 'Choose a model' });
    this.found = this.dialog.getByRole('region', { name: 'What was found' });
    this.download = this.dialog.getByRole('region', { name: 'Download' });
    this.error = this.dialog.getByRole('alert');
  }

  async open(bench: BenchPage): Promise<this> {
    const panel = await bench.modelPanel();
    await panel.getByRole('button', { name: 'Other models…' }).click();
    await expect(this.dialog).toBeVisible();
    return this;
  }

  async close(): Promise<void> {
    await this.page.keyboard.press('Escape');
    await expect(this.dialog).toBeHidden();
  }

  async place(name: string): Promise<void> {
    await this.dialog.getByRole('tab', { name }).click();
  }

  /** Asks a hub for a model's list. */
  async look(endpoint: string, id: string, revision = 'main'): Promise<void> {
    const hub = this.dialog.getByLabel('Address of the hub');
    if (!(await hub.isVisible())) await this.dialog.getByText('another hub').click();
    await hub.fill(endpoint);
    await this.dialog.getByRole('textbox', { name: 'Model' }).fill(id);
    await this.dialog.getByLabel('Revision').fill(revision);
    await this.dialog.getByRole('button', { name: 'Look' }).click();
    await expect(this.dialog.getByRole('button', { name: 'Look' })).toBeEnabled();
    await expect(this.found.or(this.error)).toBeVisible();
  }

  get get(): Locator {
    return this.found.getByRole('button', { name: /^(Download|Use this model)/ });
  }

  /** Agrees to the terms, and downloads or uses what was found. */
  async take(): Promise<void> {
    await expect(this.get).toBeDisabled();
    await this.found.getByRole('checkbox', { name: /^I / }).check();
    await this.get.click();
  }
}
