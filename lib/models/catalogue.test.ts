import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { bundledChoices, findModel, folderOfChoice, parseCatalogue, requireListed, roleTitle } from './catalogue';
import { parseManifest } from './manifest';

const [now, old] = ['embedded@0123456789abcdef', 'embedded@fedcba9876543210'];

test('a catalogue names the model that draws, and models of which only the pictures are kept', () => {
  expect(parseCatalogue(JSON.stringify({ default: now, models: [now] })).archived).toEqual([]);
  const catalogue = parseCatalogue(JSON.stringify({ default: now, models: [now], archived: [old] }));
  expect(catalogue.archived).toEqual([old]);
  expect(findModel(catalogue, 'embedded')).toBe(now);
  // It cannot draw, so it is not found by whoever wants to draw.
  expect(findModel(catalogue, old)).toBeNull();
});

test.each([
  '{',
  '{}',
  '{"default": "../secret", "models": ["../secret"]}',
  JSON.stringify({ default: now, models: [] }),
  JSON.stringify({ default: now, models: [now], roles: { base: old } }),
])('%s is none', (text) => {
  expect(() => parseCatalogue(text)).toThrow(expect.objectContaining({ code: 'model-damaged' }) as Error);
});

test('models are found, chosen and named by their roles, whichever of them are given', () => {
  const tuned = 'pair-grpo@00000000000000aa';
  const all = parseCatalogue(
    JSON.stringify({ default: now, models: [now, old, tuned], roles: { base: old, 'pair-grpo': tuned } }),
  );
  expect(['base', 'pair-grpo', 'embedded'].map((name) => findModel(all, name))).toEqual([old, tuned, now]);
  expect(bundledChoices(all).map(({ choice }) => choice)).toEqual(['default', 'base', 'pair-grpo']);
  expect([now, old, tuned].map((folder) => roleTitle(all, folder))).toEqual([null, 'Base', 'Pair-GRPO']);
  // The base may draw by default: it is offered once, under its own name.
  const baseDraws = parseCatalogue(
    JSON.stringify({ default: now, models: [now, tuned], roles: { base: now, 'pair-grpo': tuned } }),
  );
  expect(bundledChoices(baseDraws).map(({ choice }) => choice)).toEqual(['default', 'pair-grpo']);
  expect([roleTitle(baseDraws, now), roleTitle(baseDraws, now, { evenDefault: true })]).toEqual([null, 'Base']);
  // A choice of an earlier visit whose model is gone.
  const alone = parseCatalogue(JSON.stringify({ default: now, models: [now] }));
  expect(folderOfChoice(alone, 'pair-grpo')).toBe(now);
  expect(findModel(alone, 'base')).toBeNull();
});

test('a model that a link names is believed by its name and hash together', () => {
  const [drawing, archived] = ['embedded@0123456789abcdef', 'embedded@fedcba9876543210'];
  const all = parseCatalogue(JSON.stringify({ default: drawing, models: [drawing], archived: [archived] }));
  for (const folder of [drawing, archived]) expect(() => requireListed(all, folder)).not.toThrow();
  for (const [folder, detail] of [
    ['pair-grpo@0123456789abcdef', drawing],
    ['../../etc/passwd@aaaaaaaaaaaaaaaa', undefined],
    ['embedded@aaaaaaaaaaaaaaaa', undefined],
  ] as const)
    expect(() => requireListed(all, folder)).toThrow(
      expect.objectContaining({ code: 'model-unknown', data: detail ? { model: folder, detail } : { model: folder } }),
    );
});

test('the models that are here share what a picture’s tokens mean, and each further one takes at most 12 MiB', () => {
  const models = new URL('../../public/models/', import.meta.url);
  const catalogue = parseCatalogue(readFileSync(new URL('index.json', models), 'utf8'));
  const filesOf = (folder: string) => parseManifest(readFileSync(new URL(`${folder}/manifest.json`, models))).files;
  const base = catalogue.roles.base ?? catalogue.default;
  const shared = filesOf(base);
  for (const folder of Object.values(catalogue.roles)) {
    const files = filesOf(folder);
    for (const role of ['text', 'codebook', 'centroids', 'decoder'] as const)
      expect(files[role].sha256, `${folder} ${role}`).toBe(shared[role].sha256);
    const known = new Set(Object.values(shared).map((file) => file?.sha256));
    const bytes = Object.values(files).reduce(
      (sum, file) => sum + (file === undefined || known.has(file.sha256) ? 0 : file.bytes),
      0,
    );
    expect(bytes, folder).toBeLessThanOrEqual(12 * 2 ** 20);
  }
});
