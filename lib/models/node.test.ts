import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { DirectorySource } from './node';

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

function folderOf(...paths: string[]): string {
  const folder = mkdtempSync(join(tmpdir(), 'model-'));
  folders.push(folder);
  for (const path of paths) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), path);
  }
  return folder;
}

const pathsOf = async (folder: string) => (await new DirectorySource(folder).list()).map(({ path }) => path).sort();

test('a folder lists its files and those in folders below, nothing hidden', async () => {
  const folder = folderOf(
    'config.json',
    'onnx/a.onnx',
    'onnx/sub/a.bin',
    'weights/a.bin',
    '.git/config',
    'onnx/.cache/a',
  );
  expect(await pathsOf(folder)).toEqual(['config.json', 'onnx/a.onnx', 'onnx/sub/a.bin', 'weights/a.bin']);
});

test('what is no ordinary file is refused, not waited for', async () => {
  const folder = folderOf('config.json');
  execFileSync('mkfifo', [join(folder, 'tokenizer.json')]);
  mkdirSync(join(folder, 'weights.bin'));
  symlinkSync('/dev/zero', join(folder, 'zero.bin'));
  const source = new DirectorySource(folder);
  for (const path of ['tokenizer.json', 'weights.bin', 'zero.bin'])
    await expect(source.read(path, { maxBytes: 1000 })).rejects.toMatchObject({
      code: 'model-damaged',
      data: { file: path, detail: 'it is no ordinary file' },
    });
});

test('links are followed, as caches of downloads make them, and not in circles', async () => {
  const elsewhere = folderOf('blob');
  const folder = folderOf('config.json');
  symlinkSync(elsewhere, join(folder, 'onnx'));
  symlinkSync(join(elsewhere, 'blob'), join(folder, 'tokenizer.json'));
  symlinkSync(join(folder, 'nowhere'), join(folder, 'broken'));
  expect(await pathsOf(folder)).toEqual(['config.json', 'onnx/blob', 'tokenizer.json']);
  symlinkSync(folder, join(folder, 'again'));
  expect((await pathsOf(folder)).length).toBeLessThan(100);
});
