import { readFile } from 'node:fs/promises';
import { expect } from '@playwright/test';
import type { Locator, Page } from '@playwright/test';
import { OpenDialog, ShareDialog } from './dialogs';

export type Side = 'a' | 'b';

/** The members of comparison.json that tests look at. */
export interface ComparisonFile {
  readonly prompts: Record<Side, string>;
  readonly settings: { readonly seed: number; readonly guidanceWeight: number };
  readonly grid: { readonly rows: number; readonly columns: number };
  readonly tokens: Record<Side, readonly number[]>;
  readonly provenance: { readonly executionProvider: string };
  readonly trace: {
    readonly length: number;
    readonly precision: 'exact' | 'rounded';
    readonly probability?: Record<Side, readonly number[]>;
    readonly rank?: Record<Side, readonly number[]>;
    readonly entropyBits?: Record<Side, readonly number[]>;
    readonly divergenceBits?: readonly number[];
    readonly promptDivergenceBits?: Record<Side, readonly number[]>;
    readonly crossScoreBits?: Record<Side, readonly number[]>;
  };
}

/** A drawing takes seconds on a quiet machine; on a busy one, or on an emulated GPU, far longer. */
const DRAW_MS = 240_000;

/** The bench as a person uses it: by the names and roles of what is on it. */
export class BenchPage {
  readonly prompt: Record<Side, Locator>;
  readonly picture: Record<Side, Locator>;
  readonly run: Locator;
  readonly stop: Locator;
  readonly pause: Locator;
  readonly goOn: Locator;
  readonly playhead: Locator;
  readonly inspector: Locator;
  readonly summary: Locator;
  readonly difference: Locator;
  readonly examples: Locator;
  readonly modelPill: Locator;
  readonly notices: Locator;
  readonly spoken: Locator;
  /** What is wrong with the link in the address, in place of a comparison. */
  readonly unreadable: Locator;
  readonly shareDialog: ShareDialog;
  readonly openDialog: OpenDialog;

  constructor(readonly page: Page) {
    this.prompt = {
      a: page.getByRole('textbox', { name: 'Prompt A' }),
      b: page.getByRole('textbox', { name: 'Prompt B' }),
    };
    this.picture = {
      a: page.getByRole('region', { name: 'Picture A' }),
      b: page.getByRole('region', { name: 'Picture B' }),
    };
    this.run = page.getByRole('button', { name: /^(Run pair|Loading)/ });
    this.stop = page.getByRole('region', { name: 'Prompts' }).getByRole('button', { name: /^Stop/ });
    this.pause = page.getByRole('region', { name: 'Prompts' }).getByRole('button', { name: 'Pause' });
    this.goOn = page.getByRole('region', { name: 'Prompts' }).getByRole('button', { name: 'Go on' });
    this.playhead = page.getByRole('slider', { name: 'Playhead' });
    this.inspector = page.getByRole('region', { name: 'Inspector' });
    this.summary = page.getByRole('region', { name: 'Summary' });
    this.difference = page.getByRole('region', { name: 'Difference' });
    this.examples = page.getByRole('list', { name: 'Recorded comparisons' }).getByRole('button');
    this.modelPill = page.getByRole('button', { name: 'Model and capabilities' });
    this.notices = page.locator('[aria-live="assertive"]:not([role])');
    this.spoken = page.locator('[role="status"].sr-only');
    this.unreadable = page.getByRole('main').getByRole('heading', { level: 1 });
    this.shareDialog = new ShareDialog(page);
    this.openDialog = new OpenDialog(page);
  }

  /** Opens the page and waits until a comparison is on screen. */
  async visit(address = '/'): Promise<this> {
    await this.page.goto(address);
    await this.expectAllShown();
    // What the page was served with gives way to canvases as soon as its pictures are decoded.
    await expect(this.page.locator('[data-served]')).toHaveCount(0);
    return this;
  }

  /** Shows a recorded comparison; negative places count from the end. */
  async showExample(place = 0): Promise<void> {
    await this.page.getByRole('button', { name: 'Examples' }).click();
    await this.examples.nth(place).click();
  }

  /** What the pictures are said to be: recorded, drawn here, the author's result, or of other prompts. */
  mark(text: string): Locator {
    return this.page.getByRole('main').getByText(text, { exact: true });
  }

  /** One of the notices in the corner. */
  notice(text: string | RegExp): Locator {
    return this.notices.locator('> div').filter({ hasText: text });
  }

  async type(a: string, b: string): Promise<void> {
    await this.prompt.a.fill(a);
    await this.prompt.b.fill(b);
  }

  /** Tokens shown, and all tokens of a picture. */
  async shown(): Promise<{ readonly shown: number; readonly total: number }> {
    const text = await this.page.getByTitle('Tokens shown of all tokens of the picture').textContent();
    const [shown = Number.NaN, total = Number.NaN] = (text ?? '').split('/').map(Number);
    return { shown, total };
  }

  async expectShown(
    check: (shown: number, total: number) => boolean,
    message: string,
    timeout = 30_000,
  ): Promise<void> {
    await expect
      .poll(
        async () => {
          const { shown, total } = await this.shown();
          return total > 0 && check(shown, total);
        },
        { message, timeout },
      )
      .toBe(true);
  }

  async expectAllShown(timeout = 30_000): Promise<void> {
    await this.expectShown((shown, total) => shown === total, 'every token is shown', timeout);
  }

  /**
   * Arms a press of Pause or Stop for the moment at which so many tokens of the next drawing are shown, because a drawing may be
   * over before a press from outside the page arrives. Returns how to wait for it.
   */
  async pressAt(tokens: number, name: 'Pause' | 'Stop'): Promise<() => Promise<void>> {
    const counter = this.page.getByTitle('Tokens shown of all tokens of the picture');
    const pressed = await counter.evaluateHandle(
      (element, [least, start]) => ({
        done: new Promise<void>((resolve) => {
          const observer = new MutationObserver(() => {
            const buttons = [...document.querySelectorAll<HTMLButtonElement>('section[aria-label="Prompts"] button')];
            const isDrawing = buttons.some((button) => button.ariaLabel === 'Pause');
            const button = buttons.find((each) => (each.ariaLabel ?? each.textContent).trim().startsWith(start));
            if (!isDrawing || button === undefined || Number(element.textContent.split('/')[0]) < least) return;
            observer.disconnect();
            button.click();
            resolve();
          });
          observer.observe(element, { childList: true, characterData: true, subtree: true });
        }),
      }),
      [tokens, name] as const,
    );
    return () => pressed.evaluate(({ done }) => done);
  }

  /** Runs, and stops as soon as a few tokens are there: proof that it draws, where the whole would only take time. */
  async drawAFew(tokens = 3, press: () => Promise<void> = () => this.run.click()): Promise<void> {
    const stopped = await this.pressAt(tokens, 'Stop');
    await press();
    await stopped();
    await expect(this.stop).toBeHidden();
  }

  async expectDrawing(tokens = 1): Promise<void> {
    await expect(this.pause).toBeVisible({ timeout: DRAW_MS });
    await this.expectShown((shown) => shown >= tokens, `${tokens} tokens are shown`, DRAW_MS);
  }

  /** Draws to the end: from a press of Run, or of whatever else makes a drawing begin or go on. */
  async draw(press: () => Promise<void> = () => this.run.click()): Promise<void> {
    const finished = await this.told('The pair is finished.');
    await press();
    await finished();
    await this.expectAllShown(DRAW_MS);
    await expect(this.mark('drawn here')).toBeVisible();
  }

  /** Begins to listen for what screen readers are told, by its beginning; returns how to wait for it. */
  private async told(text: string): Promise<() => Promise<void>> {
    const heard = await this.spoken.evaluateHandle(
      (element, wanted) => ({
        done: new Promise<void>((resolve) => {
          const observer = new MutationObserver(() => {
            if (!element.textContent.startsWith(wanted)) return;
            observer.disconnect();
            resolve();
          });
          observer.observe(element, { childList: true, characterData: true, subtree: true });
        }),
      }),
      text,
    );
    return () => heard.evaluate(({ done }) => done);
  }

  /** What is on screen as the file that Share saves. */
  async comparison(): Promise<ComparisonFile> {
    return JSON.parse(await this.comparisonText()) as ComparisonFile;
  }

  async comparisonText(): Promise<string> {
    await this.shareDialog.open();
    const path = await this.shareDialog.save('comparison.json');
    await this.shareDialog.close();
    return readFile(path, 'utf8');
  }

  /** The link that Share gives for what is on screen. */
  async link(): Promise<string> {
    await this.shareDialog.open();
    const url = await this.shareDialog.url();
    await this.shareDialog.close();
    return url;
  }

  /** The finished pictures as the PNG files that Share saves: exact pixels, without marks and cursor. */
  async pictures(): Promise<Record<Side, Buffer>> {
    await this.shareDialog.open();
    const a = await readFile(await this.shareDialog.save('Picture A, PNG'));
    const b = await readFile(await this.shareDialog.save('Picture B, PNG'));
    await this.shareDialog.close();
    return { a, b };
  }

  /** What is painted in a region's grid, the cursor apart, as a PNG file. */
  async painted(region: Locator): Promise<Buffer> {
    const url = await region
      .locator('canvas')
      .first()
      .evaluate((canvas: HTMLCanvasElement) => canvas.toDataURL());
    return Buffer.from(url.slice(url.indexOf(',') + 1), 'base64');
  }

  /** What is painted in a region's grid once it no longer changes, as after the picture has been decoded. */
  async settled(region: Locator): Promise<Buffer> {
    // Marks of codes that look alike come with the codebook.
    await this.page.waitForLoadState('networkidle');
    let last = await this.painted(region);
    await expect(async () => {
      const previous = last;
      last = await this.painted(region);
      expect(previous.equals(last)).toBe(true);
    }).toPass({ intervals: [500] });
    return last;
  }

  /** How many colours are painted in a region's grid; a picture has many, an empty grid few. */
  async colours(region: Locator): Promise<number> {
    return region
      .locator('canvas')
      .first()
      .evaluate((canvas: HTMLCanvasElement) => {
        const { data } = canvas.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height) ?? { data: [] };
        return new Set(new Uint32Array(Uint8ClampedArray.from(data).buffer)).size;
      });
  }

  /** Presses the middle of a cell of a picture. */
  async clickCell(side: Side, step: number, grid: { readonly rows: number; readonly columns: number }): Promise<void> {
    const canvas = this.picture[side].locator('canvas').last();
    const box = await canvas.boundingBox();
    if (box === null) throw new Error('The picture is not on screen.');
    const row = Math.floor(step / grid.columns);
    const column = step % grid.columns;
    await canvas.click({
      position: { x: ((column + 0.5) / grid.columns) * box.width, y: ((row + 0.5) / grid.rows) * box.height },
    });
  }

  /** One row of the inspector's or the summary's numbers. */
  number(name: string): Locator {
    return this.inspector
      .getByRole('row')
      .filter({ has: this.page.getByRole('rowheader', { name: new RegExp(`^${name}`) }) });
  }

  /** The model's panel, opened. */
  async modelPanel(): Promise<Locator> {
    await this.modelPill.click();
    const panel = this.page.getByRole('dialog');
    await expect(panel).toBeVisible();
    return panel;
  }
}
