import { expect, test } from 'vitest';
import { findModel, parseCatalogue } from './catalogue';

const [now, old] = ['embedded@0123456789abcdef', 'embedded@fedcba9876543210'];

test('a catalogue names the model that draws, and models of which only the pictures are kept', () => {
  expect(parseCatalogue(JSON.stringify({ default: now, models: [now] })).archived).toEqual([]);
  const catalogue = parseCatalogue(JSON.stringify({ default: now, models: [now], archived: [old] }));
  expect(catalogue.archived).toEqual([old]);
  expect(findModel(catalogue, 'embedded')).toBe(now);
  // It cannot draw, so it is not found by whoever wants to draw.
  expect(findModel(catalogue, old)).toBeNull();
});

test.each(['{', '{}', '{"default": "../secret", "models": ["../secret"]}', JSON.stringify({ default: now, models: [] })])('%s is none', (text) => {
  expect(() => parseCatalogue(text)).toThrow(expect.objectContaining({ code: 'model-damaged' }) as Error);
});
