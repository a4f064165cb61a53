import { readFile } from 'node:fs/promises';
import type { Browser, Page } from '@playwright/test';
import { BenchPage, type ComparisonFile, type Side } from './pages/bench-page';
import { expectAccessible } from './support/accessible';
import { differingPixels } from './support/pixels';
import { words } from './support/shipped';
import { expect, test } from './support/test';
import { modelBytes, Watch } from './support/watch';

test.describe.configure({ mode: 'serial' });

/** What the author drew and gave away. */
interface Author {
  readonly url: string;
  readonly json: string;
  readonly file: ComparisonFile;
  readonly pictures: Record<Side, Buffer>;
  readonly painted: Buffer;
  readonly figures: string;
}
let author: Author;
/** The reader's page: a profile that has never seen Pairscope. */
let page: Page;
let reader: BenchPage;
let watch: Watch;

const newcomer = async (browser: Browser): Promise<{ page: Page; watch: Watch }> => {
  const context = await browser.newContext();
  const seen = new Watch().context(context);
  return { page: await context.newPage(), watch: seen };
};

/** Two rows of the summary: how many tokens differ, and where first. */
const figures = async (bench: BenchPage): Promise<string> =>
  (await bench.summary.locator('dl > div').allTextContents()).slice(0, 2).join('; ');

test.beforeAll(async ({ browser }) => {
  const context = await browser.newContext();
  const bench = await new BenchPage(await context.newPage()).visit();
  await bench.type(words.inRed, words.inBlue);
  await bench.draw();
  const json = await bench.comparisonText();
  author = {
    url: await bench.link(),
    json,
    file: JSON.parse(json) as ComparisonFile,
    pictures: await bench.pictures(),
    painted: await bench.painted(bench.picture.a),
    figures: await figures(bench),
  };
  await context.close();
  ({ page, watch } = await newcomer(browser));
  reader = new BenchPage(page);
});
test.afterAll(async () => {
  await page.context().close();
  expect(watch.errors).toEqual([]);
});

test('a link opens with the same pictures, tokens and maps, and fetches only the picture decoder', async () => {
  await reader.visit(author.url);
  await expect(reader.mark('the author’s result')).toBeVisible();
  const pictures = await reader.pictures();
  expect(pictures.a.equals(author.pictures.a)).toBe(true);
  expect(pictures.b.equals(author.pictures.b)).toBe(true);
  expect(await figures(reader)).toBe(author.figures);
  // A link does not carry side divergence, so the small marks of equal tokens are the one thing missing.
  expect(differingPixels(await reader.painted(reader.picture.a), author.painted)).toBeLessThan(0.15);

  const opened = await reader.comparison();
  expect(opened.tokens).toEqual(author.file.tokens);
  expect(opened.prompts).toEqual(author.file.prompts);
  expect(opened.trace.precision).toBe('rounded');
  for (const side of ['a', 'b'] as const) {
    const exact = author.file.trace.crossScoreBits?.[side] ?? [];
    const rounded = opened.trace.crossScoreBits?.[side] ?? [];
    expect(rounded).toHaveLength(exact.length);
    const largest = Math.max(...exact.map(Math.abs));
    rounded.forEach((value, step) =>
      expect(Math.abs(value - (exact[step] ?? Number.NaN))).toBeLessThan(0.15 * largest + 0.05),
    );
  }

  const fetched = watch.files().filter((file) => modelBytes.test(file));
  expect(fetched.filter((file) => !file.endsWith('.wasm'))).toEqual(['decoder.onnx']);
  expect(fetched.filter((file) => file.endsWith('.wasm'))).toHaveLength(1);
  // The page and the runtime, beside the files that show pictures.
  expect(await watch.transferredBytes()).toBeLessThan(8_000_000);
});

test('Rerun here replays the author’s tokens and reports how many this machine would take', async () => {
  const total = author.file.tokens.a.length;
  await page.getByRole('button', { name: 'Rerun here' }).click();
  const report = page.getByRole('button', { name: 'rerun: every token the same' });
  await expect(report).toBeVisible({ timeout: 240_000 });
  await report.click();
  await expect(page.getByText(`This machine takes the same token at all ${total} steps of both sides.`)).toBeVisible();
  await expect(page.getByText(/The nearest call was at step \d+ of [AB]/)).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('button', { name: 'Draw freely here' })).toBeVisible();
  // What is shared on is still the author's comparison, to the letter.
  expect(new URL(await reader.link()).hash).toBe(new URL(author.url).hash);
});

test('Open takes a link from any address, a bare fragment, and a file', async () => {
  await page.goto('/');
  await reader.expectAllShown();
  const { hash } = new URL(author.url);
  for (const text of [
    `https://pairs.example/some/where?x=1${hash}`,
    ` ${hash.slice(0, 40)}\n${hash.slice(40)} `,
    hash.slice(3),
  ]) {
    await reader.showExample();
    await expect(reader.mark('recorded')).toBeVisible();
    await reader.openDialog.open();
    await reader.openDialog.paste(text);
    await expect(reader.mark('the author’s result')).toBeVisible();
    await expect(reader.picture.a.getByRole('heading')).toHaveText(words.inRed);
  }
  await page.getByRole('button', { name: 'Undo: Open' }).click();
  await expect(reader.mark('recorded')).toBeVisible();

  await reader.openDialog.open();
  await reader.openDialog.dialog
    .locator('input[type="file"]')
    .setInputFiles({ name: 'comparison.json', mimeType: 'application/json', buffer: Buffer.from(author.json) });
  await expect(reader.mark('the author’s result')).toBeVisible();
  await expect(page.getByText('from comparison.json')).toBeVisible();
  expect((await reader.comparison()).trace).toEqual(author.file.trace);
});

test('a comparison.json can be dropped anywhere', async () => {
  await reader.showExample();
  await expect(reader.mark('recorded')).toBeVisible();
  const transfer = await page.evaluateHandle((text) => {
    const data = new DataTransfer();
    data.items.add(new File([text], 'dropped.json', { type: 'application/json' }));
    return data;
  }, author.json);
  await page.dispatchEvent('main', 'dragenter', { dataTransfer: transfer });
  await expect(page.getByText('Drop a link or a comparison.json to open it')).toBeVisible();
  await page.dispatchEvent('main', 'drop', { dataTransfer: transfer });
  await expect(page.getByText('from dropped.json')).toBeVisible();
  await expect(page.getByText('Drop a link or a comparison.json to open it')).toBeHidden();
});

test('a message with several links offers them, and a dropped mail opens by its link', async () => {
  const { hash } = new URL(author.url);
  const other = await (async () => {
    await reader.showExample();
    await expect(reader.mark('recorded')).toBeVisible();
    return new URL(await reader.link()).hash;
  })();
  const message = `The apple: https://x.example/${hash}\nthe recorded one: https://y.example/${other}`;
  await reader.openDialog.open();
  await reader.openDialog.paste(message);
  const offered = reader.openDialog.dialog.getByRole('listitem').getByRole('button');
  await expect(offered).toHaveCount(2);
  await offered.filter({ hasText: words.inRed }).click();
  await expect(reader.mark('the author’s result')).toBeVisible();
  await expect(reader.picture.a.getByRole('heading')).toHaveText(words.inRed);

  await reader.showExample();
  await expect(reader.mark('recorded')).toBeVisible();
  const mail = `Subject: Look\r\nContent-Type: text/plain\r\nContent-Transfer-Encoding: base64\r\n\r\n${Buffer.from(author.url).toString('base64')}\r\n`;
  const transfer = await page.evaluateHandle((text) => {
    const data = new DataTransfer();
    data.items.add(new File([text], 'look.eml', { type: 'message/rfc822' }));
    return data;
  }, mail);
  await page.dispatchEvent('main', 'drop', { dataTransfer: transfer });
  await expect(page.getByText('from look.eml')).toBeVisible();
  await expect(reader.picture.a.getByRole('heading')).toHaveText(words.inRed);
});

test('a comparison in the address of another page, or encoded into the path, opens on the bench', async ({
  browser,
}) => {
  const context = await browser.newContext();
  const other = await context.newPage();
  const bench = new BenchPage(other);
  const { hash } = new URL(author.url);
  for (const address of [`/paircomp${hash}`, `/%23${hash.slice(1)}`]) {
    await other.goto(address);
    await expect(bench.mark('the author’s result')).toBeVisible();
    await expect(bench.picture.a.getByRole('heading')).toHaveText(words.inRed);
  }
  await other.goto('/no-such-page');
  await expect(other.getByRole('heading', { name: 'There is no page at this address' })).toBeVisible();
  await other.getByRole('link', { name: 'Go to the bench' }).click();
  await bench.expectAllShown();
  await context.close();
});

test('a model that is not here is named as unknown and never asked for; controls of direction do not act', async () => {
  const foreign = JSON.parse(author.json) as { model: { name: string; hash: string }; prompts: Record<Side, string> };
  const { hash } = foreign.model;
  const before = watch.files().length;
  for (const name of ['pair-grpo', '../../etc/passwd']) {
    foreign.model.name = name;
    foreign.prompts.b = '\u2066\u2066\u202Ea blue hat';
    await reader.openDialog.open();
    await reader.openDialog.dialog.locator('input[type="file"]').setInputFiles({
      name: 'foreign.json',
      mimeType: 'application/json',
      buffer: Buffer.from(JSON.stringify(foreign)),
    });
    await expect(reader.notice(`There is no model "${name}@${hash}" here: its hash is that of`)).toBeVisible();
    await expect(page.getByText(`no model of this name and hash ${hash} is here`)).toBeVisible();
    await expect(reader.picture.b.getByRole('heading')).toHaveText('‹LRI›‹LRI›‹RLO›a blue hat');
  }
  expect(
    watch
      .files()
      .slice(before)
      .filter((file) => /passwd|manifest/.test(file)),
  ).toEqual([]);
  await expect(page.getByText('3 invisible characters change the direction of this prompt.')).toBeVisible();
  await page.getByRole('button', { name: 'Remove', exact: true }).click();
  await expect(reader.prompt.b).toHaveValue('a blue hat');
});

test('a link points at the locked cell, and a damaged one with a cell points into nothing else', async () => {
  await reader.visit(author.url);
  await reader.picture.a.getByRole('application').click();
  const locked = await reader.inspector.getByRole('heading').textContent();
  await reader.shareDialog.open();
  const pointing = new URL(await reader.shareDialog.url());
  expect(pointing.searchParams.has('cell')).toBe(true);
  await reader.shareDialog.dialog.getByRole('checkbox', { name: /Point at the locked cell/ }).uncheck();
  expect(new URL(await reader.shareDialog.url()).searchParams.has('cell')).toBe(false);
  await reader.shareDialog.close();
  await reader.visit(pointing.pathname + pointing.search + pointing.hash);
  await expect(reader.inspector.getByRole('heading')).toHaveText(locked ?? '');
  await page.goto('/model');
  await page.goto(`${pointing.pathname}${pointing.search}${pointing.hash.slice(0, -9)}`);
  await expect(reader.unreadable).toContainText('This link was cut off');
  await expect(page).not.toHaveURL(/cell=/);
  await page.getByRole('button', { name: 'Go on to the bench' }).click();
  await expect(page).not.toHaveURL(/#c=/);
});

test('a link that cannot be opened gets one sentence, and what is on screen and typed stays', async () => {
  await reader.showExample();
  await reader.prompt.b.fill(words.twoBlue);
  const content = new URL(author.url).hash.slice(3);
  const bytes = Buffer.from(content, 'base64url');
  const changed = (place: number, value: number): string => {
    const copy = Buffer.from(bytes);
    copy[place] = value;
    return `#c=${copy.toString('base64url')}`;
  };
  const cases: readonly (readonly [text: string, sentence: string])[] = [
    [
      changed(40, (bytes[40] ?? 0) ^ 1),
      'This link is damaged: its checksum does not match. Ask for the link again, or for the comparison.json file.',
    ],
    [`#c=${content.slice(0, 200)}`, 'This link was cut off: its end is missing.'],
    [changed(0, 0x51), 'This link was not made by Pairscope, or its beginning is damaged.'],
    ['https://example.org/gallery', 'This text does not hold a comparison.'],
    [
      withVersion(bytes, 9),
      'This link was made by a newer Pairscope (format 9). Reload the page or update Pairscope, then open it again.',
    ],
    ['{"format": "pairscope-comparison", "formatVersion": 9}', 'This file was made by a newer Pairscope (format 9).'],
    ['{"format": "pairscope-comparison", "form', 'This file is damaged or cut off: it is not valid JSON.'],
  ];
  await reader.openDialog.open();
  for (const [text, sentence] of cases) {
    await reader.openDialog.paste(text);
    await expect(reader.openDialog.error).toContainText(sentence);
    await expect(reader.openDialog.text).toHaveValue(text);
  }
  await reader.openDialog.close();
  // The same through the address: it is shown in place of the comparison, which comes back as it was.
  const damaged = changed(40, (bytes[40] ?? 0) ^ 1);
  await page.evaluate((hash) => (window.location.hash = hash), damaged);
  await expect(reader.unreadable).toHaveText('This link is damaged: its checksum does not match.');
  await expect(reader.picture.a).toBeHidden();
  await expect(page.getByRole('textbox', { name: 'The address as it came here' })).toHaveValue(
    new RegExp(`${damaged}$`),
  );
  await page.getByRole('button', { name: 'Go on to the bench' }).click();
  await expect(reader.prompt.b).toHaveValue(words.twoBlue);
  await page.getByRole('button', { name: 'Examples' }).click();
  await expect(reader.examples.first()).toHaveAttribute('aria-pressed', 'true');
  await page.keyboard.press('Escape');
  await reader.expectAllShown();
});

test('a damaged link in the address is named in place of somebody else’s pictures, and the bench is a press away', async ({
  browser,
}) => {
  const other = await newcomer(browser);
  const bench = new BenchPage(other.page);
  await other.page.goto(`${author.url.slice(0, -12)}AAAAAAAAAAAA`);
  await expect(bench.unreadable).toHaveText('This link is damaged: its checksum does not match.');
  await expect(bench.picture.a).toBeHidden();
  await expect(other.page).toHaveTitle('Pairscope');
  await expectAccessible(other.page, 'a damaged link');
  await other.page.getByRole('button', { name: 'Go on to the bench' }).click();
  await expect(bench.mark('recorded')).toBeVisible();
  await other.page.context().close();
  expect(other.watch.errors).toEqual([]);
});

test('what will be shared is shown, and that something else is typed is said, with a way on', async () => {
  await reader.showExample();
  const { prompts } = await reader.comparison();
  await reader.shareDialog.open();
  const shared = reader.shareDialog.dialog.getByRole('region', { name: 'What is shared' });
  await expect(shared.getByRole('img', { name: `Picture A: ${prompts.a}` })).toBeVisible();
  await expect(shared.getByRole('img', { name: `Picture B: ${prompts.b}` })).toBeVisible();
  await expect(shared).not.toContainText('typed by now');
  await reader.shareDialog.close();
  await reader.prompt.b.fill(words.twoBlue);
  await reader.shareDialog.open();
  await expect(shared.getByRole('img', { name: `Picture B: ${prompts.b}` })).toBeVisible();
  await expect(shared).toContainText('Other prompts or settings are typed by now');
  await shared.getByRole('button', { name: 'Run the new pair instead' }).click();
  await expect(reader.shareDialog.dialog).toBeHidden();
  await expect(reader.mark('drawn here')).toBeVisible({ timeout: 60_000 });
  await reader.stop.click();
  await reader.showExample();
});

test('the other files are what they say', async () => {
  await reader.shareDialog.open();
  const csv = await readFile(await reader.shareDialog.save('Numbers, CSV'), 'utf8');
  expect(csv.trimEnd().split(/\r?\n/).length).toBeGreaterThan(author.file.tokens.a.length);
  const difference = await readFile(await reader.shareDialog.save('Difference, PNG'));
  expect(difference.subarray(1, 4).toString()).toBe('PNG');
  await reader.shareDialog.close();
});

/** The same container as a later version would write it, its checksum right. */
function withVersion(bytes: Buffer, version: number): string {
  const copy = Buffer.from(bytes);
  copy[1] = version;
  const end = copy.length - 4;
  let crc = 0xffff_ffff;
  for (const byte of copy.subarray(0, end)) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit += 1) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb8_8320 : 0);
  }
  copy.writeUInt32BE((crc ^ 0xffff_ffff) >>> 0, end);
  return `#c=${copy.toString('base64url')}`;
}
