import { expect } from '@playwright/test';
import type { Locator, Page } from '@playwright/test';

export class ShareDialog {
  readonly dialog: Locator;

  constructor(private readonly page: Page) {
    this.dialog = page.getByRole('dialog', { name: 'Share this comparison' });
  }

  async open(): Promise<void> {
    await this.page.getByRole('banner').getByRole('button', { name: 'Share', exact: true }).click();
    await expect(this.dialog).toBeVisible();
  }

  async close(): Promise<void> {
    await this.page.keyboard.press('Escape');
    await expect(this.dialog).toBeHidden();
  }

  url(): Promise<string> {
    return this.dialog.getByRole('textbox', { name: 'Link' }).inputValue();
  }

  /** Saves one of the files; pictures can be saved as soon as they are decoded. */
  async save(label: string): Promise<string> {
    const button = this.dialog.getByRole('button', { name: label });
    await expect(button).toBeEnabled({ timeout: 60_000 });
    const download = this.page.waitForEvent('download');
    await button.click();
    return (await download).path();
  }
}

export class OpenDialog {
  readonly dialog: Locator;
  readonly text: Locator;
  readonly error: Locator;

  constructor(private readonly page: Page) {
    this.dialog = page.getByRole('dialog', { name: 'Open a comparison' });
    this.text = this.dialog.getByRole('textbox', { name: 'Link' });
    this.error = this.dialog.getByRole('alert');
  }

  async open(): Promise<void> {
    await this.page.getByRole('banner').getByRole('button', { name: 'Open', exact: true }).click();
    await expect(this.dialog).toBeVisible();
  }

  async close(): Promise<void> {
    await this.page.keyboard.press('Escape');
    await expect(this.dialog).toBeHidden();
  }

  async paste(text: string): Promise<void> {
    await this.text.fill(text);
    await this.dialog.getByRole('button', { name: 'Open', exact: true }).click();
  }
}
