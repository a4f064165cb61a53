import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { HubTokenizer } from './janus-tokenizer';
import { testModel } from './testing';

const tokenizer = new HubTokenizer(readFileSync(testModel('janus-tiny', 'tokenizer.json')));

test('a special token that was typed is read as that token, and the unconditional rows keep beginnings of images', () => {
  const [bos] = tokenizer.prefix('');
  const boi = tokenizer.prefix('').at(-1)!;
  const prefix = tokenizer.prefix('red <begin_of_image> hat');
  const places = [...prefix.keys()].filter((place) => prefix[place] === boi);
  expect(places).toHaveLength(2);
  const without = tokenizer.unconditional(prefix);
  for (const [place, id] of without.entries())
    expect(id).toBe(place === 0 ? bos : places.includes(place) ? boi : tokenizer.pad);
});
