import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { BrowserContext } from '@playwright/test';
import { judgeGolden as golden, testJudge } from '@/lib/judge/testing';
import type { BenchPage, Side } from '../pages/bench-page';
import { catalogue, files } from './shipped';

const judge = testJudge(files.centroids.sha256);

/** Serves the small judge of the golden numbers as that of the model that draws, whichever judges are bundled. */
export async function offerTestJudge(context: BrowserContext): Promise<void> {
  await context.route('**/models/index.json', (route) =>
    route.fulfill({ json: { ...catalogue, judges: [judge.folder] } }),
  );
  await context.route(/\/models\/judge(@|%40)[0-9a-f]{16}\//, (route) => {
    const file = judge.files[new URL(route.request().url()).pathname.split('/').at(-1) ?? ''];
    return file === undefined ? route.fulfill({ status: 404 }) : route.fulfill({ body: Buffer.from(file) });
  });
}

/** Opens a comparison of golden pictures under these prompts, as if the model that draws had drawn them. */
export async function openGolden(
  bench: BenchPage,
  pictures: Record<Side, string>,
  prompts: Record<Side, string>,
): Promise<void> {
  const [name, hash] = catalogue.default.split('@');
  const { codes } = JSON.parse(
    readFileSync(join(process.cwd(), 'public', 'models', catalogue.default, 'manifest.json'), 'utf8'),
  ) as { readonly codes: number };
  const tokens = { a: golden.pictures[pictures.a], b: golden.pictures[pictures.b] };
  const recorded = JSON.parse(await bench.comparisonText()) as object;
  await bench.openDialog.open();
  await bench.openDialog.paste(JSON.stringify({ ...recorded, model: { name, hash }, codes, prompts, tokens }));
}

/** What the Python judge answers. */
export const goldenScore = (picture: string, prompt: string): number =>
  Number(golden.scores.find(([of, caption]) => of === picture && caption === prompt)?.[2]);
