import type { Page } from '@playwright/test';
import { BenchPage, type ComparisonFile } from './pages/bench-page';
import { words } from './support/shipped';
import { expect, test } from './support/test';
import { Watch } from './support/watch';

/** One page for all of it, as one person would use it: the model is loaded once. */
test.describe.configure({ mode: 'serial' });

let page: Page;
let bench: BenchPage;
let watch: Watch;
/** The first pair that was drawn: what later draws of the same inputs must give again. */
let first: ComparisonFile;

const inputs = { a: words.inRed, b: words.inBlue } as const;

test.beforeAll(async ({ browser }) => {
  const context = await browser.newContext();
  watch = new Watch().context(context);
  page = await context.newPage();
  bench = await new BenchPage(page).visit();
});
test.afterAll(async () => {
  await page.context().close();
  expect(watch.errors).toEqual([]);
});

test('Run draws both sides, one token after another', async ({ baseURL }) => {
  await bench.type(inputs.a, inputs.b);
  await expect(bench.mark('belongs to the previous prompts or settings')).toBeVisible();
  // Every text that the counter shows, in order.
  const counter = page.getByTitle('Tokens shown of all tokens of the picture');
  await counter.evaluate((element) => {
    const seen: number[] = [];
    Object.assign(window, { seenTokens: seen });
    new MutationObserver(() => seen.push(Number(element.textContent.split('/')[0]))).observe(element, {
      childList: true,
      characterData: true,
      subtree: true,
    });
  });
  await bench.draw();
  const seen = await page.evaluate(() => (window as unknown as { readonly seenTokens: readonly number[] }).seenTokens);
  const drawing = seen.slice(seen.lastIndexOf(0));
  expect(drawing.length).toBeGreaterThan(30);
  expect(drawing).toEqual([...drawing].sort((x, y) => x - y));

  first = await bench.comparison();
  expect(first.prompts).toEqual(inputs);
  expect(first.tokens.a).toHaveLength(first.grid.rows * first.grid.columns);
  expect(first.tokens.a).not.toEqual(first.tokens.b);
  expect(first.provenance.executionProvider).toBe('wasm');
  for (const region of [bench.picture.a, bench.picture.b]) {
    expect(await bench.colours(region)).toBeGreaterThan(64);
  }
  await expect(bench.modelPill).toContainText('CPU');
  expect(watch.elsewhere(new URL(baseURL ?? '').origin)).toEqual([]);
});

test('the same inputs give the same tokens, through a second press of Run, a pause, and a look back', async () => {
  const paused = await bench.pressAt(3, 'Pause');
  await bench.run.dblclick();
  await paused();
  await expect(bench.goOn).toBeVisible();
  const before = await bench.shown();
  expect(before.shown).toBeLessThan(before.total);
  await page.waitForTimeout(400);
  expect(await bench.shown()).toEqual(before);
  await bench.playhead.fill('1');
  await bench.expectShown((shown) => shown === 1, 'one token is shown');
  await bench.draw(() => bench.goOn.click());
  expect((await bench.comparison()).tokens).toEqual(first.tokens);
});

test('Stop freezes the picture, and the drawing can go on to the same end', async () => {
  await bench.drawAFew(10);
  const stopped = await bench.shown();
  expect(stopped.shown).toBeGreaterThanOrEqual(10);
  await page.waitForTimeout(400);
  expect(await bench.shown()).toEqual(stopped);
  expect(stopped.shown).toBeLessThan(stopped.total);
  await bench.shareDialog.open();
  await expect(bench.shareDialog.dialog).toContainText(
    `This drawing was stopped: ${stopped.shown} of ${stopped.total} steps are shared.`,
  );
  await bench.shareDialog.close();
  await bench.draw(() => page.getByRole('button', { name: 'Go on drawing' }).click());
  expect((await bench.comparison()).tokens).toEqual(first.tokens);
});

test('an edit marks the pictures as those of the previous prompts, and keeps them', async () => {
  const before = await bench.painted(bench.picture.a);
  await bench.prompt.b.fill(words.inGreen);
  await expect(bench.mark('belongs to the previous prompts or settings')).toBeVisible();
  await expect(bench.picture.b.getByRole('heading')).toHaveText(inputs.b);
  expect(before.equals(await bench.painted(bench.picture.a))).toBe(true);
  await bench.prompt.b.fill(inputs.b);
  await expect(bench.mark('drawn here')).toBeVisible();
});

test('identical prompts with the same noise come out equal, and the page says that this is a test of itself', async () => {
  await bench.type(words.two, words.two);
  await expect(page.getByText('This is the self-test.')).toBeVisible();
  await bench.draw();
  const { tokens } = await bench.comparison();
  expect(tokens.a).toEqual(tokens.b);
  await expect(bench.summary).toContainText(/0 of \d+/);
});

test('a result that was drawn comes back after another has taken its place', async () => {
  await bench.showExample();
  await expect(bench.mark('recorded')).toBeVisible();
  await page.getByRole('button', { name: 'Bring it back' }).click();
  await expect(bench.mark('drawn here')).toBeVisible();
  await expect(bench.picture.a.getByRole('heading')).toHaveText(words.two);
});

test.describe('what is typed', () => {
  test('an unknown word is named, with the nearest that the model knows', async () => {
    await bench.type(words.inRedMisspelt, words.inBlue);
    await expect(page.getByText('Not in the model’s vocabulary, drawn as an unknown word:')).toBeVisible();
    await page.getByRole('button', { name: `use ${words.thing}` }).click();
    await expect(bench.prompt.a).toHaveValue(words.inRed);
    await expect(page.getByText('Not in the model’s vocabulary')).toBeHidden();
  });

  test('what the model was never taught gets a gentle note, with what it can draw instead', async () => {
    await bench.type(words.tooMany, words.two);
    await expect(page.getByText(/^The model counts to \w+\.$/)).toBeVisible();
    await page.getByRole('button', { name: /^use \w+$/ }).click();
    await expect(bench.prompt.a).toHaveValue(new RegExp(`^\\w+ ${words.plural}$`));
    await expect(page.getByText(/^The model counts to/)).toBeHidden();
    await expect(bench.run).toBeEnabled();
  });

  test('the words of the model can be searched, and pressed into either prompt', async () => {
    await bench.type('', words.two);
    await page.getByRole('button', { name: 'What the model knows' }).click();
    const book = page.getByRole('dialog', { name: 'What the model knows' });
    await expect(book.getByRole('region', { name: 'Limits' })).toContainText('At most');
    await book.getByRole('searchbox').fill(words.thing);
    await book.getByRole('button', { name: words.thing, exact: true }).click();
    await expect(bench.prompt.a).toHaveValue(words.thing);
    await book.getByRole('button', { name: 'B', exact: true }).click();
    await book.getByRole('searchbox').fill('zzz');
    await expect(book).toContainText('The model knows no such word.');
    await book.getByRole('searchbox').fill('and');
    await book.getByRole('button', { name: 'and', exact: true }).click();
    await expect(bench.prompt.b).toHaveValue(`${words.two} and`);
    await page.keyboard.press('Escape');
    await expect(book).toBeHidden();
  });

  test('an empty prompt gets a sentence, and nothing on screen is lost', async () => {
    await bench.type(words.inRed, '');
    await expect(page.getByText('Prompt B is empty; type something to draw.')).toBeVisible();
    await bench.run.click();
    const notice = bench.notice('Prompt B has no words. Type something to draw in both prompts.');
    await expect(notice).toBeVisible();
    await bench.expectAllShown();
    await notice.getByRole('button', { name: 'Dismiss' }).click();
    await expect(notice).toBeHidden();
  });

  test('a setting out of its range gets a sentence and stays as typed', async () => {
    await bench.type(inputs.a, inputs.b);
    const temperature = page.getByRole('textbox', { name: 'temperature' });
    await temperature.fill('hot');
    await expect(page.getByRole('region', { name: 'Prompts' })).toContainText(
      'Temperature must be a number from 0.05 to 5.',
    );
    await bench.run.click();
    const notice = bench.notice('Temperature must be a number from 0.05 to 5.');
    await expect(notice).toBeVisible();
    await expect(temperature).toHaveValue('hot');
    await bench.expectAllShown();
    await notice.getByRole('button', { name: 'Reset the settings' }).click();
    await expect(temperature).not.toHaveValue('hot');
  });

  test('ten thousand characters, emoji, right-to-left and control characters are drawn', async () => {
    await bench.type(`${words.inRed} `.repeat(834), `🍎🦊 تفاحة حمراء \u202Egnp.exe\u202C a\u0007 ${words.inRed}`);
    await expect(
      page.getByText(/This prompt is longer than the model reads: its last \d+ words are ignored\./),
    ).toBeVisible();
    await expect(page.getByText('Not in the model’s vocabulary')).toBeVisible();
    await bench.drawAFew(5);
    // Invisible characters of direction must not reach beyond the prompt.
    await expect(bench.picture.b.locator('bdi').first()).toContainText('تفاحة');
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(1440);
    await bench.expectShown((shown) => shown >= 5, 'what was drawn is still there');
  });

  test('it is there again after leaving the page and coming back', async () => {
    await bench.type(words.threeOthers, words.twoOthers);
    await page.goto('about:blank');
    await page.goBack();
    await bench.expectShown((shown) => shown >= 5, 'what was drawn is there again too');
    await expect(bench.prompt.a).toHaveValue(words.threeOthers);
    await expect(bench.prompt.b).toHaveValue(words.twoOthers);
  });
});

test('two tabs draw at the same time, each its own pair', async () => {
  const other = await new BenchPage(await page.context().newPage()).visit();
  await expect(other.prompt.a).not.toHaveValue(words.threeOthers);
  await other.type(inputs.a, inputs.b);
  await Promise.all([other.draw(), bench.draw()]);
  expect((await other.comparison()).tokens).toEqual(first.tokens);
  expect((await bench.comparison()).prompts.a).toBe(words.threeOthers);
});
