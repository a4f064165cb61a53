import { testModel } from '@/lib/models/testing';
import { execFileSync } from 'node:child_process';
import type { SamplingSettings } from '@/lib/domain';
import { ModelDialog } from './pages/model-dialog';
import { countGpuCalls, gpuCalls } from './support/gpu-worker';
import { expect, test } from './support/test';

const folder = testModel('janus-fused-fp32');
const prompts = { a: 'a red balloon and a blue gift', b: 'cat' };
/** On an emulated GPU a step takes long, so a part of the picture has to do. */
const partLength = 12;
const columns = 8;

test('a Janus exported as one graph draws on WebGPU what it draws on the processor, and reads numbers back once a row', async ({
  bench,
  page,
}) => {
  test.setTimeout(300_000);
  countGpuCalls(page);
  const dialog = await new ModelDialog(page).open(bench);
  await dialog.place('This computer');
  await dialog.dialog.locator('input[type="file"]').setInputFiles(folder);
  await dialog.take();
  await expect(bench.modelPill).toContainText('janus-fused-fp32', { timeout: 120_000 });
  await bench.type(prompts.a, prompts.b);
  await bench.drawAFew(partLength);
  const { tokens, settings, provenance } = await bench.comparison();
  expect(provenance.executionProvider).toBe('webgpu');
  const part = (all: readonly number[]) => all.filter((token) => token >= 0).slice(0, partLength);
  expect(part(tokens.a)).toHaveLength(partLength);
  // Of the first steps of the load and of the drawing, of each row since then, and of the row or two that were being drawn when it stopped.
  const steps = tokens.a.filter((token) => token >= 0).length;
  expect((await gpuCalls(page)).maps).toBeLessThanOrEqual(2 + Math.ceil(steps / columns) + 2);

  const { seed, guidanceWeight, temperature, topK, topP, plausibility } = settings as SamplingSettings;
  const as = { seed, guidance: guidanceWeight, temperature, 'top-k': topK, 'top-p': topP, plausibility };
  const options = Object.entries({ model: folder, ...prompts, ...as }).flatMap(([name, value]) => [
    `--${name}`,
    String(value),
  ]);
  const command = ['cli/pair.ts', ...options, '--json'];
  const drawn = JSON.parse(execFileSync('npx', ['tsx', ...command], { encoding: 'utf8' })) as { tokens: typeof tokens };
  expect({ a: part(tokens.a), b: part(tokens.b) }).toEqual({ a: part(drawn.tokens.a), b: part(drawn.tokens.b) });
});
