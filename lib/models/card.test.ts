import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parseModelCard } from './card';
import { parseCatalogue } from './catalogue';
import { parseManifest } from './manifest';

const bytes = (json: unknown) => new TextEncoder().encode(JSON.stringify(json));
const named = { name: 'a model', description: 'Draws.' };

test('a card holds what was measured, and nothing else is made up', () => {
  expect(parseModelCard(bytes(named))).toEqual(named);
  const right = { prompts: 60, right: 0.9, standardError: 0.04 };
  const card = parseModelCard(
    bytes({
      ...named,
      extra: 1,
      asShipped: { ...right, categories: { 'Color difference': { ...right, bothOfPair: 0.8 } } },
    }),
  );
  expect(card.asShipped?.categories?.['Color difference']).toMatchObject({ right: 0.9, bothOfPair: 0.8 });
  expect(card.asShipped?.ceiling).toBeUndefined();
  expect(card).not.toHaveProperty('extra');
});

test.each([
  [{ description: 'Draws.' }, 'name'],
  [{ ...named, evaluation: { right: 90 } }, 'evaluation.right'],
  [{ ...named, judge: { average: { s_a: 0.9 } } }, 'judge.average.s_g'],
])('%j is refused, and %s named', (json, where) => {
  expect(() => parseModelCard(bytes(json))).toThrow(
    expect.objectContaining({
      code: 'model-damaged',
      data: expect.objectContaining({ detail: expect.stringContaining(where) as string }) as object,
    }) as Error,
  );
});

test('the model that draws has one, with its accuracy and its licences', () => {
  const models = new URL('../../public/models/', import.meta.url);
  const { default: folder } = parseCatalogue(readFileSync(new URL('index.json', models), 'utf8'));
  const { files } = parseManifest(readFileSync(new URL(`${folder}/manifest.json`, models)));
  const card = parseModelCard(readFileSync(new URL(`${folder}/${files.card.path}`, models)));
  const { categories, right } = card.asShipped ?? card.evaluation ?? {};
  expect(right).toBeGreaterThan(0);
  expect(Object.keys(categories ?? {}).length).toBeGreaterThanOrEqual(5);
  expect(card.licences?.length).toBeGreaterThan(0);
  expect(card.weaknesses?.length).toBeGreaterThan(0);
});
