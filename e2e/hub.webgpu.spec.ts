import { readFileSync } from 'node:fs';
import { HubServer } from '@/lib/downloads/testing';
import { FULL_PLAN, kvMemory } from '@/lib/engine';
import { ModelDialog } from './pages/model-dialog';
import { countGpuCalls, gpuCalls, send } from './support/gpu-worker';
import { janusFiles } from './support/janus';
import { expect, test } from './support/test';

/** The runtime says which graphs it does not run on the GPU alone, and the loss of a device is no secret. */
test.use({ allowedErrors: /onnxruntime|GPU|device/i });
test.setTimeout(300_000);

const ID = 'someone/tiny-janus';
const ROWS = 8;
/** What PyTorch draws with the same noise. */
const [golden] = (
  JSON.parse(readFileSync('lib/engine/testdata/janus-golden/draws.json', 'utf8')) as {
    readonly cases: readonly [
      { readonly prompts: Record<'a' | 'b', string>; readonly tokens: Record<'a' | 'b', readonly number[]> },
    ];
  }
).cases;

for (const by of ['exporter', 'builder'] as const)
  test(`a hub’s model on WebGPU, by the ${by}: PyTorch’s tokens, though the GPU is lost in the middle; one map a row; two sets of keys and values, and none afterwards`, async ({
    bench,
    page,
    watch,
  }) => {
    const float32 = Object.fromEntries(
      Object.entries(janusFiles(by)).filter(([path]) => !/_(fp16|q4|q4f16)\.onnx$|lm_head|prepare/.test(path)),
    );
    const hub = new HubServer([{ id: ID, files: float32 }]);
    countGpuCalls(page);
    const dialog = await new ModelDialog(page).open(bench);
    await dialog.look(await hub.start(), ID);
    await dialog.take();
    await expect(bench.modelPill).toContainText('WebGPU', { timeout: 120_000 });
    await hub.stop();
    await page.getByRole('button', { name: 'all settings' }).click();
    await page.getByRole('button', { name: 'Reset to the model’s defaults' }).click();
    await page.keyboard.press('Escape');
    await page.getByRole('textbox', { name: 'seed' }).fill('7');
    await bench.type(golden.prompts.a, golden.prompts.b);

    await bench.draw(async () => {
      await bench.run.click();
      await bench.expectDrawing(3);
      await send(page, 'loseDevice');
    });
    await expect(
      bench.notice(
        /The graphics device was lost and has been replaced; the drawing goes on from step \d+ with the same result\./,
      ),
    ).toBeVisible();
    const { tokens, provenance } = await bench.comparison();
    expect(tokens).toEqual(golden.tokens);
    expect(provenance).toMatchObject({ executionProvider: 'webgpu', weightType: 'fp32' });
    // Only the language model has nodes on the CPU, those that compute its mask's shape: one warning for each of the two loads.
    expect(watch.errors.filter((error) => /nodes were not assigned/.test(error))).toHaveLength(2);

    // In the new worker, beside the first chunks of its load: the whole drawing, replayed and drawn.
    const drawn = await gpuCalls(page);
    expect(drawn.maps).toBeLessThanOrEqual(2 + ROWS + 1);
    const layers = 2;
    const { cache, peak } = kvMemory(
      { layers, heads: 2, headSize: 16, bytesPerNumber: 4 },
      FULL_PLAN,
      20,
      golden.tokens.a.length,
    );
    for (const size of [cache, peak - cache].map((bytes) => bytes / (2 * layers)))
      expect(drawn.buffers[size]).toEqual({ alive: 0, most: 2 * layers });

    // The picture is frozen at once, its rows are decoded, and what a stopped drawing took is given back.
    const stopAfterARow = async () => {
      await bench.drawAFew(9);
      const stopped = await bench.shown();
      await expect.poll(() => bench.colours(bench.picture.a)).toBeGreaterThan(4);
      expect(await bench.shown()).toEqual(stopped);
      await expect.poll(async () => (await gpuCalls(page)).buffers[cache / (2 * layers)]?.alive).toBe(0);
      return (await gpuCalls(page)).aliveBytes;
    };
    // But for a few small buffers: whether the last row's numbers are still being read when a drawing stops is a matter of moments.
    const first = await stopAfterARow();
    expect((await stopAfterARow()) - first).toBeLessThan(4096);
  });
