import { unzipSync } from 'fflate';
import { decode } from 'fast-png';
import { BenchPage } from './pages/bench-page';
import { PaircompPage } from './pages/paircomp-page';
import { expectAccessible } from './support/accessible';
import { startEndpoint } from './support/endpoint';
import { expect, test } from './support/test';

// Three drawings take seconds on a quiet machine.
test.setTimeout(360_000);

test('a few built-in pairs: run, pause, reload, go on, look, open in the bench, save, import', async ({
  page,
  context,
  bench,
  watch,
}) => {
  await page.getByRole('link', { name: 'PairComp', exact: true }).click();
  const paircomp = new PaircompPage(page);
  await expect(paircomp.setup.getByText('720 usable pairs')).toBeVisible();
  await expectAccessible(page, 'before a run');

  // The authors' file is fetched on a press, and does not fit the embedded model.
  const authors = { category: 'Color difference', caption1: 'A vermilion zeppelin.', caption2: 'An ochre zeppelin.' };
  await context.route('https://raw.githubusercontent.com/**', (route) =>
    route.fulfill({
      json: [authors, { category: 'Sound difference' }],
      headers: { 'access-control-allow-origin': '*' },
    }),
  );
  await paircomp.button('The authors’ file').click();
  await expect(paircomp.setup.getByText('1 usable pair')).toBeVisible();
  await expect(page.getByText('Item 1 has no caption1.')).toBeVisible();
  await expect(
    paircomp.setup.getByText('words that the embedded model does not know, such as “vermilion”'),
  ).toBeVisible();
  await paircomp.button('Built-in').click();
  await expect(paircomp.setup.getByText('720 usable pairs')).toBeVisible();

  await paircomp.setup.getByText('Overall appearance').click();
  await paircomp.setup.getByText('Position').click();
  await paircomp.setup.getByText('Style & Tone').click();
  await paircomp.setup.getByRole('textbox', { name: 'Pairs' }).fill('3');
  await paircomp.setup
    .getByRole('group', { name: 'Pictures for each prompt' })
    .getByRole('button', { name: '1' })
    .click();
  await expect(paircomp.setup.getByText('6 pictures of 3 pairs')).toBeVisible();
  await paircomp.button('Start the run').click();
  await paircomp.expectDrawn(2);
  await paircomp.button('Pause').click();
  await expect(paircomp.button('Go on')).toBeVisible({ timeout: 60_000 });
  const [before] = await paircomp.drawn();

  await page.reload();
  await expect(paircomp.button('Go on')).toBeVisible();
  expect(await paircomp.drawn()).toEqual([before, 6]);
  await paircomp.button('Go on').click();
  // A run goes on behind the bench.
  await page.getByRole('link', { name: 'Pairscope, to the bench' }).click();
  await bench.expectAllShown();
  await page.getByRole('link', { name: 'PairComp', exact: true }).click();
  await paircomp.expectFinished();

  await expect(paircomp.results.getByRole('row', { name: /^Color 1 / })).toBeVisible();
  await expect(paircomp.results.getByRole('row', { name: /^Average of 3 categories 3 / })).toBeVisible();
  await expect(page.getByRole('region', { name: 'Published averages', exact: true })).toContainText('InternVL2.5-26B');
  const gaps = async () =>
    (await paircomp.pairs.getByRole('row').allInnerTexts()).slice(1).map((row) => Number(row.split(/\s/).at(-1)));
  const worst = await gaps();
  expect(worst).toHaveLength(3);
  expect(worst).toEqual([...worst].sort((a, b) => b - a));
  await paircomp.pairs.getByRole('button', { name: 'gap' }).click();
  expect(await gaps()).toEqual([...worst].reverse());
  await expectAccessible(page, 'a finished run');
  await page.getByRole('button', { name: 'Light or dark' }).click();
  await expectAccessible(page, 'a finished run, dark');

  const zip = await paircomp.saved(() => paircomp.button('Pictures (zip)').click());
  const pictures = unzipSync(zip.bytes);
  const [first = ''] = Object.keys(pictures);
  expect(Object.keys(pictures).sort()).toEqual(
    [120, 240, 600].flatMap((pair) => ['0_0', '1_0'].map((rest) => `${pair}_${rest}.png`)).sort(),
  );
  expect(decode(pictures[first] ?? new Uint8Array())).toMatchObject({ width: 192, height: 192 });
  const scores = await paircomp.saved(() => paircomp.button('Scores').first().click());
  const file = JSON.parse(scores.bytes.toString()) as Record<string, { score: number }[]>;
  expect(Object.keys(file)).toEqual(['120', '240', '600']);

  // The same scores, said to be another judge's, with one of them changed.
  for (const entry of file['120'] ?? []) entry.score = 1;
  await page
    .getByLabel('Import scores…')
    .setInputFiles({ name: 'theirs.json', mimeType: 'application/json', buffer: Buffer.from(JSON.stringify(file)) });
  await expect(page.getByRole('textbox', { name: 'Judge' })).toHaveValue('InternVL2.5-26B');
  await page.getByRole('button', { name: 'Import theirs.json' }).click();
  await paircomp.results.getByRole('button', { name: 'InternVL2.5-26B' }).click();
  await expect(paircomp.results.getByRole('row', { name: /^Color 1 100\.0 100\.0 0\.0/ })).toBeVisible();
  await expect(paircomp.results.getByText('judged by InternVL2.5-26B, from a file')).toBeVisible();

  // An endpoint of the person's, named before anything is sent there.
  const endpoint = await startEndpoint();
  await paircomp.setup.getByRole('button', { name: 'endpoint' }).click();
  await paircomp.setup.getByLabel('Address of a chat-completions server').fill(endpoint.url);
  await paircomp.setup.getByLabel('Model', { exact: true }).fill('eye');
  await paircomp.setup.getByLabel('Key, if it needs one').fill('a-secret-key');
  const { host } = new URL(endpoint.url);
  await expect(paircomp.setup.getByText(`Every prompt and picture of the run is sent to ${host}`)).toBeVisible();
  await expectAccessible(page, 'an endpoint');
  expect(endpoint.asked).toEqual([]);
  await paircomp.button(`Judge, and send to ${host}`).click();
  await paircomp.results.getByRole('button', { name: `eye at ${host}` }).click({ timeout: 60_000 });
  await expect(paircomp.results.getByRole('row', { name: /^Average of 3 categories 3 75\.0/ })).toBeVisible({
    timeout: 60_000,
  });
  expect(endpoint.asked).toHaveLength(6);
  expect(new Set(endpoint.asked.map(({ authorization }) => authorization))).toEqual(new Set(['Bearer a-secret-key']));
  expect(
    await page.evaluate(() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }, location.href])),
  ).not.toContain('a-secret-key');
  await endpoint.stop();

  await paircomp.button(/^Open picture 0 of pair 120 in the bench/).click();
  const shown = new BenchPage(page);
  await shown.expectAllShown();
  const comparison = await shown.comparison();
  expect(comparison.prompts.a).not.toBe(comparison.prompts.b);
  expect(comparison.settings).toMatchObject({ coupling: 'independent' });
  expect(new Set(watch.elsewhere(new URL(page.url()).origin).map((address) => new URL(address).host))).toEqual(
    new Set(['raw.githubusercontent.com', host]),
  );
});

test('a second tab follows a run and cannot remove it; afterwards it asks before it does', async ({
  page,
  context,
  bench,
}) => {
  void bench;
  await page.getByRole('link', { name: 'PairComp' }).click();
  const first = new PaircompPage(page);
  await expect(first.setup.getByText('720 usable pairs')).toBeVisible();
  await first.setup.getByRole('textbox', { name: 'Pairs' }).fill('60');
  await first.button('Start the run').click();
  await first.expectDrawn(2);

  const second = new PaircompPage(await context.newPage());
  await second.page.goto(page.url());
  await expect(second.run.getByText('Another tab is drawing this run')).toBeVisible();
  await expect(second.button('Go on')).toHaveCount(0);
  const [before] = await second.drawn();
  await second.expectDrawn(before + 2);
  await second.button(/^Remove /).click();
  await second.button('Remove for good').click();
  await expect(second.page.getByText('Watch it here, or pause it there first')).toBeVisible();
  await expect(second.run).toBeVisible();

  // A tab that is closed has let go.
  await page.close();
  await expect(second.button('Go on')).toBeVisible();
  await second.button(/^Remove /).focus();
  await second.page.keyboard.press('Enter');
  const dialog = second.page.getByRole('dialog', { name: 'Remove this run?' });
  await expect(
    dialog.getByText(/^Its \d+ pictures and \d+ scores are removed from this browser for good/),
  ).toBeVisible();
  await expectAccessible(second.page, 'the question before a run is removed');
  await second.page.keyboard.press('Escape');
  await expect(dialog).toHaveCount(0);
  await expect(second.button(/^Remove /)).toBeFocused();
  await second.button(/^Remove /).click();
  await second.button('Remove for good').click();
  await expect(second.run).toHaveCount(0);
  await second.page.reload();
  await expect(second.setup).toBeVisible();
  await expect(second.run).toHaveCount(0);
});
