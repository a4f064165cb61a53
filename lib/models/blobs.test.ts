import { testModel } from './testing';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { BlobSource, type KnownFile } from './blobs';
import { openModel, sourceOf } from './files';

const tiny = testModel('tiny-model');

const tinyFiles = (): Record<string, KnownFile> =>
  Object.fromEntries(
    readdirSync(tiny).map((path) => {
      const data = readFileSync(join(tiny, path));
      return [path, { blob: new Blob([data]), digest: `sha256:${createHash('sha256').update(data).digest('hex')}` }];
    }),
  );

test('a model whose files are at hand opens like one from a folder', async () => {
  const files = await openModel(sourceOf({ kind: 'files', name: 'tiny', files: tinyFiles() }));
  expect(files.manifest.name).toBe('tiny');
  expect((await files.read('weights')).length).toBe(files.manifest.files.weights.bytes);
});

test('a file that is not what its digest says is refused by name; a part of it is not judged', async () => {
  const files = tinyFiles();
  const source = new BlobSource('tiny', {
    ...files,
    'weights.bin': { ...files['weights.bin'], blob: new Blob(['something else']) },
  });
  await expect(source.read('weights.bin', { maxBytes: 1e6 })).rejects.toMatchObject({
    code: 'model-altered',
    data: { file: 'weights.bin' },
  });
  expect(new TextDecoder().decode(await source.readRange('weights.bin', 10, 99))).toBe('else');
});

test('a file that is not there is missing, whatever its name', async () => {
  const source = new BlobSource('tiny', tinyFiles());
  for (const path of ['onnx/none.onnx', 'toString']) {
    await expect(source.read(path, { maxBytes: 10 })).rejects.toMatchObject({
      code: 'model-missing',
      data: { file: path },
    });
    expect(source.bytesOf(path)).toBeNull();
  }
  expect(source.paths()).toContain('manifest.json');
});
