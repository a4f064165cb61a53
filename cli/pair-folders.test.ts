/** Model folders as people have them, given to `npm run pair`: what cannot be drawn with is named in one sentence. */
import { execFile, execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, test } from 'vitest';
import { testModel } from '@/lib/models/testing';

const root = fileURLToPath(new URL('..', import.meta.url));
const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

/** A copy of the small Janus in the hub's layout, changed. */
function folderWith(change: (path: (name: string) => string) => void): string {
  const folder = join(mkdtempSync(join(tmpdir(), 'pairscope-')), 'my-janus');
  folders.push(folder);
  cpSync(testModel('janus-tiny'), folder, { recursive: true });
  change((name) => join(folder, name));
  return folder;
}

const pair = (model: string) =>
  new Promise<{ readonly status: number; readonly stderr: string }>((resolve) => {
    const args = ['--import', 'tsx', 'cli/pair.ts', '--a', 'a red cat', '--b', 'a blue cat', '--model', model];
    execFile(process.execPath, args, { cwd: root }, (error, _stdout, stderr) => {
      resolve({ status: typeof error?.code === 'number' ? error.code : error ? 1 : 0, stderr });
    });
  });

const pointer = `version https://git-lfs.github.com/spec/v1\noid sha256:${'0'.repeat(64)}\nsize 435035\n`;

describe('a folder is refused before anything is drawn', { timeout: 60_000 }, () => {
  test.each<[string, (path: (name: string) => string) => void, string]>([
    [
      'with a pointer of git-lfs in place of its pixel decoder',
      (path) => {
        writeFileSync(path('onnx/image_decode.onnx'), pointer);
      },
      'The model file onnx/image_decode.onnx is only a pointer of git-lfs',
    ],
    [
      'with a pipe in place of its tokenizer',
      (path) => {
        rmSync(path('tokenizer.json'));
        execFileSync('mkfifo', [path('tokenizer.json')]);
      },
      'The model file tokenizer.json cannot be read (it is no ordinary file)',
    ],
    [
      'with weights for PyTorch alone',
      (path) => {
        for (const name of readdirSync(path('.'))) rmSync(path(name), { recursive: true });
        writeFileSync(path('model.safetensors'), 'weights');
      },
      'The folder holds weights for other programs (model.safetensors) and no ONNX files',
    ],
  ])('%s', async (_name, change, sentence) => {
    const { status, stderr } = await pair(folderWith(change));
    expect(stderr).toMatch(/^[^\n]+\.\n$/);
    expect(stderr).toContain(sentence);
    expect(status).toBe(1);
  });
});
