import { testModel } from '@/lib/models/testing';
import AxeBuilder from '@axe-core/playwright';
import { HubServer } from '@/lib/downloads/testing';
import { BenchPage } from './pages/bench-page';
import { ModelDialog } from './pages/model-dialog';
import { PaircompPage } from './pages/paircomp-page';
import { janusFiles, janusFolder } from './support/janus';
import { expect, test } from './support/test';

/** Failed requests show in the console; nothing else may. */
test.use({ allowedErrors: /Failed to load resource|net::ERR_/ });

const ID = 'someone/tiny-janus';
let hub: HubServer;
let endpoint: string;

test.beforeEach(async () => {
  hub = new HubServer([{ id: ID, files: janusFiles() }]);
  hub.lingerMs = 500;
  endpoint = await hub.start();
});
test.afterEach(() => hub.stop());

const LANGUAGE_MODEL = /language_model/;
const askedFor = (pattern: RegExp) => hub.asked.filter(({ path }) => pattern.test(path));

test('a hub’s model: told before it is fetched, drawn with, there after a reload without a network, deleted', async ({
  bench,
  page,
  watch,
}) => {
  const dialog = await new ModelDialog(page).open(bench);
  expect(watch.elsewhere(new URL(page.url()).origin)).toEqual([]);
  await dialog.look(endpoint, ID);
  await expect(dialog.found.getByRole('rowheader', { name: /language_model/ })).toBeVisible();
  await expect(dialog.found).toContainText('for keys and values of two sides');
  await expect(dialog.found.getByRole('link', { name: 'DeepSeek Model License' })).toHaveAttribute(
    'href',
    /LICENSE-MODEL/,
  );
  // A graph that is short enough to be without its weights is read, to learn where they are; no more than once.
  expect(askedFor(LANGUAGE_MODEL).length).toBeLessThanOrEqual(1);
  await dialog.take();
  await expect(dialog.dialog).toBeHidden({ timeout: 60_000 });
  await expect(bench.modelPill).toContainText(ID);
  await bench.type('two cats', 'three cats');
  await bench.draw();

  const asked = hub.asked.length;
  await hub.stop();
  await page.reload();
  await expect(bench.modelPill).toContainText(ID);
  await bench.draw();
  expect(hub.asked).toHaveLength(asked);

  await dialog.open(bench);
  await dialog.place('Stored here');
  await dialog.dialog.getByRole('button', { name: `Check ${ID}` }).click();
  await expect(dialog.dialog.getByText('Every file is what it should be.')).toBeVisible();
  const remove = dialog.dialog.getByRole('button', { name: `Delete ${ID}` });
  await remove.click();
  await expect(remove).toHaveText(/for good/);
  await remove.click();
  await expect(dialog.dialog.getByText('No downloaded model is stored here.')).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(bench.modelPill).not.toContainText(ID);
  hub = new HubServer([]);
});

test('a download goes on where it was after a cut connection and after a reload', async ({ bench, page }) => {
  const dialog = await new ModelDialog(page).open(bench);
  await dialog.look(endpoint, ID);
  const looked = askedFor(LANGUAGE_MODEL).length;
  hub.fault = ({ path, before }) => {
    if (!LANGUAGE_MODEL.test(path)) return null;
    return before === looked ? { kind: 'drop', afterBytes: 10_000 } : { kind: 'stall', afterBytes: 15_000 };
  };
  await dialog.take();
  await expect.poll(() => askedFor(LANGUAGE_MODEL).length).toBe(looked + 2);
  await dialog.download.getByRole('button', { name: 'Stop the download' }).click();
  await expect(dialog.found).toContainText(/\d kB here/);
  hub.fault = () => null;
  await page.reload();
  await dialog.open(bench);
  await dialog.look(endpoint, ID);
  await expect(dialog.found).toContainText(/\d kB here/);
  await dialog.take();
  await expect(bench.modelPill).toContainText(ID, { timeout: 60_000 });
  // A browser may drop the last bytes before a cut; what it had passed on is not asked for again.
  expect(askedFor(LANGUAGE_MODEL).at(-1)?.range).toMatch(/^bytes=(15000|25000)-$/);
});

test('a download that nobody answers says so at once', async ({ bench, page }) => {
  const dialog = await new ModelDialog(page).open(bench);
  await dialog.look(endpoint, ID);
  // The browser does not know that this host is gone.
  await hub.stop();
  await dialog.take();
  await expect(dialog.error).toHaveText(/could not be fetched: the connection failed\..* press Download again/, {
    timeout: 8_000,
  });
  await hub.start();
});

test('an altered file is refused by name and not kept', async ({ bench, page }) => {
  const dialog = await new ModelDialog(page).open(bench);
  await dialog.look(endpoint, ID);
  hub.fault = ({ path }) => (/gen_head/.test(path) ? { kind: 'alter', at: 1000 } : null);
  await dialog.take();
  await expect(dialog.error).toContainText(/gen_head\S* is not the one/, { timeout: 60_000 });
  await dialog.close();
  await expect(bench.modelPill).not.toContainText(ID);
  hub.fault = () => null;
  await dialog.open(bench);
  await dialog.look(endpoint, ID);
  await dialog.take();
  await expect(bench.modelPill).toContainText(ID, { timeout: 60_000 });
});

test('a model that does not exist: one sentence, and what was drawn stays', async ({ bench, page }) => {
  const dialog = await new ModelDialog(page).open(bench);
  await dialog.look(endpoint, 'no/body');
  await expect(dialog.error).toHaveText(/The hub has no public model "no\/body"\. Check the spelling/);
  await dialog.close();
  await bench.expectAllShown();
});

test('a full disk: the model is used from memory, and that is said', async ({ bench, context, page }) => {
  const session = await context.newCDPSession(page);
  await session.send('Storage.overrideQuotaForOrigin', { origin: new URL(page.url()).origin, quotaSize: 20_000 });
  const dialog = await new ModelDialog(page).open(bench);
  await dialog.look(endpoint, ID);
  await dialog.take();
  await expect(bench.modelPill).toContainText(ID, { timeout: 60_000 });
  await dialog.open(bench);
  await expect(dialog.dialog).toContainText('kept until this page is closed');
});

test('two tabs that download one model ask for each file once', async ({ bench, context, page }) => {
  hub.answerMs = 500;
  const other = await new BenchPage(await context.newPage()).visit();
  const dialogs = [await new ModelDialog(page).open(bench), await new ModelDialog(other.page).open(other)];
  for (const dialog of dialogs) await dialog.look(endpoint, ID);
  const looked = askedFor(/\.onnx$/).length;
  for (const dialog of dialogs) await dialog.take();
  for (const each of [bench, other]) await expect(each.modelPill).toContainText(ID, { timeout: 60_000 });
  const graphs = askedFor(/\.onnx$/)
    .slice(looked)
    .map(({ path }) => path);
  expect(graphs.sort()).toEqual([...new Set(graphs)].sort());
});

test('a hub’s Janus judges the pictures that it drew, on the PairComp page', async ({ bench, page }) => {
  const dialog = await new ModelDialog(page).open(bench);
  await dialog.look(endpoint, ID);
  await dialog.found.getByRole('checkbox', { name: /judge its own pictures/ }).check();
  await dialog.take();
  await expect(dialog.dialog).toBeHidden({ timeout: 60_000 });
  await page.getByRole('link', { name: 'PairComp', exact: true }).click();
  const paircomp = new PaircompPage(page);
  await expect(paircomp.setup.getByText('720 usable pairs')).toBeVisible();
  const pair = { category: 'Counting difference', caption1: 'two cats', caption2: 'three cats' };
  await paircomp.setup
    .getByLabel('From disk…')
    .setInputFiles({ name: 'mine.json', mimeType: 'application/json', buffer: Buffer.from(JSON.stringify([pair])) });
  await expect(paircomp.setup.getByText('1 usable pair')).toBeVisible();
  await paircomp.setup.getByRole('button', { name: 'the Janus' }).click();
  await paircomp.button('Start the run').click();
  await paircomp.expectFinished();
  await expect(paircomp.results.getByRole('row', { name: /^Counting 1 \d+\.\d \d+\.\d \d+\.\d/ })).toBeVisible({
    timeout: 60_000,
  });
  await expect(paircomp.results.getByText(`${ID} itself`).first()).toBeVisible();
});

test('a folder on this computer is read where it is: the hub’s layout, or a Janus exported as one graph', async ({
  bench,
  page,
}) => {
  for (const [name, path] of [
    ['janus-tiny', janusFolder],
    ['janus-fused-fp32', testModel('janus-fused-fp32')],
  ] as const) {
    const dialog = await new ModelDialog(page).open(bench);
    await dialog.place('This computer');
    await dialog.dialog.locator('input[type="file"]').setInputFiles(path);
    await expect(dialog.found.getByRole('heading', { name })).toBeVisible();
    await expect(dialog.found).toContainText('for keys and values of two sides');
    await dialog.take();
    await expect(bench.modelPill).toContainText(name, { timeout: 60_000 });
  }
  await bench.type('two cats', 'three cats');
  await bench.draw();
  expect(hub.asked).toEqual([]);
});

test('the choice of models is usable by everybody', async ({ bench, page }) => {
  const dialog = await new ModelDialog(page).open(bench);
  await dialog.look(endpoint, ID);
  await expect(dialog.found).toBeVisible();
  const { violations } = await new AxeBuilder({ page }).include('[role="dialog"]').analyze();
  expect(violations.map(({ id, nodes }) => [id, nodes.map(({ target }) => target)])).toEqual([]);
});
