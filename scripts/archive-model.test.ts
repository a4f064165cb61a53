import { testModel } from '@/lib/models/testing';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createNodeDecoder } from '@/lib/engine/node';
import { golden } from '@/lib/engine/testing';
import { findModel, parseCatalogue } from '@/lib/models';
import { archiveModel } from './archive-model';

const tiny = testModel('tiny-model');
const old = `tiny@${golden.modelHash}`;
const now = 'other@0123456789abcdef';

let models: string;
beforeEach(() => {
  models = mkdtempSync(join(tmpdir(), 'models-'));
  cpSync(tiny, join(models, old), { recursive: true });
  writeFileSync(join(models, 'index.json'), JSON.stringify({ default: now, models: [now, old] }));
});
afterEach(() => rmSync(models, { recursive: true }));

const catalogue = () => parseCatalogue(readFileSync(join(models, 'index.json'), 'utf8'));

test('an archived model shows tokens, draws no more, and takes the place of its decoder alone', async () => {
  expect(archiveModel(models, old)).toContain('weights.bin');
  expect(readdirSync(join(models, old)).sort()).toEqual(['codebook.png', 'decoder.onnx', 'manifest.json']);
  expect(catalogue()).toMatchObject({ default: now, models: [now], archived: [old] });
  expect(findModel(catalogue(), old)).toBeNull();
  const decoder = createNodeDecoder();
  await decoder.load({ kind: 'directory', path: join(models, old) });
  expect(await decoder.decode([Int32Array.of(1, 2, 3)])).toHaveLength(1);
  await decoder.dispose();
  // Once more changes nothing.
  expect(archiveModel(models, old)).toEqual([]);
  expect(catalogue().archived).toEqual([old]);
});

test('the model that draws, one with a role, and one that is not listed, stay as they are', () => {
  writeFileSync(
    join(models, 'index.json'),
    JSON.stringify({ default: now, models: [now, old, 'tiny@1111111111111111'], roles: { base: old } }),
  );
  expect(() => archiveModel(models, old)).toThrow('is the base model');
  expect(() => archiveModel(models, now)).toThrow('is the model that draws');
  expect(() => archiveModel(models, 'none@0000000000000000')).toThrow(
    'index.json does not list none@0000000000000000.',
  );
  expect(readdirSync(join(models, old))).toContain('weights.bin');
});
