import { afterEach, expect, test } from 'vitest';
import { MemoryDepot } from './depot';
import { DownloadService } from './service';
import { noise, quickNet, startHub } from './testing/hub';
import { inProcess } from './testing/in-process';

const files = {
  'config.json': new TextEncoder().encode('{"model_type":"multi_modality"}'),
  'onnx/gen_head.onnx': noise(40_000, 1),
};
let hub: Awaited<ReturnType<typeof startHub>> | null = null;
afterEach(() => hub?.server.stop());

test('the files that are not there whole are damaged or missing, by name', async () => {
  hub = await startHub(files);
  const service = new DownloadService(new MemoryDepot(), hub.locks, quickNet());
  const model = { origin: hub.origin, files: hub.listed };
  expect(await service.open(model)).toBeNull();
  expect(await service.check(model)).toEqual(Object.keys(files));
  const { lasting } = await service.download(model);
  expect(lasting).toBe(false);
  expect(Object.keys((await service.open(model))?.files ?? {}).sort()).toEqual(Object.keys(files).sort());
  expect(await service.check(model)).toEqual([]);
  const { models } = await service.overview();
  expect(models.map(({ origin, states }) => [origin, states.map(({ state }) => state)])).toEqual([
    [hub.origin, ['whole', 'whole']],
  ]);
});

test('a look at a small file is checked like any other', async () => {
  hub = await startHub(files);
  const service = new DownloadService(new MemoryDepot(), hub.locks, quickNet());
  const listing = await service.list(hub.origin);
  const config = listing.files.find(({ path }) => path === 'config.json')!;
  expect(new TextDecoder().decode(await service.peek(hub.origin, config))).toContain('multi_modality');
  hub.server.fault = () => ({ kind: 'alter', at: 3 });
  await expect(service.peek(hub.origin, config)).rejects.toMatchObject({
    code: 'model-altered',
    data: { file: 'config.json' },
  });
});

test('from a page: progress, files that cross threads, errors with their sentence, and giving up', async () => {
  hub = await startHub(files);
  const service = new DownloadService(new MemoryDepot(), hub.locks, quickNet());
  const { downloads, end } = inProcess(service);
  try {
    await expect(downloads.list({ ...hub.origin, id: 'no/body' })).rejects.toMatchObject({
      code: 'hub-unknown',
      message: 'The hub has no public model "no/body".',
    });
    const model = await downloads.list(hub.origin);
    const stop = new AbortController();
    hub.server.fault = () => ({ kind: 'stall', afterBytes: 10 });
    const given = downloads.download(model, { signal: stop.signal });
    setTimeout(() => {
      stop.abort();
    }, 50);
    await expect(given).rejects.toMatchObject({ code: 'aborted' });
    hub.server.fault = () => null;
    const seen: number[] = [];
    const { files: got } = await downloads.download(model, {
      onProgress: ({ receivedBytes }) => seen.push(receivedBytes),
    });
    expect(seen.at(-1)).toBe(files['config.json'].length + 40_000);
    expect(
      Buffer.compare(Buffer.from(await got['onnx/gen_head.onnx']!.blob.arrayBuffer()), files['onnx/gen_head.onnx']),
    ).toBe(0);
  } finally {
    end();
  }
});
