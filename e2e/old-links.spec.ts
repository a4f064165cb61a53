import { readFileSync } from 'node:fs';
import { BenchPage, type Side } from './pages/bench-page';
import { catalogue } from './support/shipped';
import { expect, test } from './support/test';

const links = JSON.parse(readFileSync('tests/testdata/links-of-models.json', 'utf8')) as readonly {
  readonly model: string;
  readonly prompts: Record<Side, string>;
  readonly link: string;
}[];

test('a link of the first model opens with its pictures, by its own picture decoder alone', async ({ page, watch }) => {
  const [first] = links;
  if (first === undefined) throw new Error('No link is kept.');
  const bench = await new BenchPage(page).visit(`/${new URL(first.link).hash}`);
  await expect(bench.mark('the author’s result')).toBeVisible();
  await expect(bench.picture.a.getByRole('heading')).toHaveText(first.prompts.a);
  for (const region of [bench.picture.a, bench.picture.b])
    await expect.poll(() => bench.colours(region)).toBeGreaterThan(64);
  const networks = (): string[][] =>
    watch.requests
      .map((request) => decodeURIComponent(new URL(request.url()).pathname))
      .filter((path) => path.endsWith('.onnx'))
      .map((path) => path.split('/').slice(-2));
  await expect.poll(networks).toEqual([[first.model, 'decoder.onnx']]);
  await page.waitForLoadState('networkidle');
  expect(networks()).toHaveLength(1);
});

test.describe('an archived model', () => {
  test.skip(catalogue.archived.length === 0, 'every model that is here draws');

  test('cannot be replayed, says so, and the model of today draws the prompts again', async ({ page, watch }) => {
    void watch;
    const archived = links.find(({ model }) => catalogue.archived.includes(model));
    if (archived === undefined) throw new Error('No link of an archived model is kept.');
    const bench = await new BenchPage(page).visit(`/${new URL(archived.link).hash}`);
    await expect(page.getByText('An earlier model drew this')).toBeVisible();
    await expect(page.getByRole('button', { name: 'Rerun here' })).toBeHidden();
    await bench.drawAFew(3, () => page.getByRole('button', { name: 'Draw again' }).click());
    await expect(bench.mark('drawn here')).toBeVisible();
    await expect(bench.prompt.a).toHaveValue(archived.prompts.a);
    await expect(page.getByText('An earlier model drew this')).toBeHidden();
  });
});
