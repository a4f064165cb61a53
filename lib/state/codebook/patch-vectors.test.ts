import { readFileSync } from 'node:fs';
import { encode } from 'fast-png';
import { expect, test } from 'vitest';
import { codeDistance } from '@/lib/measures';
import { parseCatalogue, parseManifest } from '@/lib/models';
import { patchVectors } from './patch-vectors';

const models = new URL('../../../public/models/', import.meta.url);
const read = (path: string) => new Uint8Array(readFileSync(new URL(path, models)));

const half = (bits: number) => {
  const [exponent, fraction] = [(bits >> 10) & 31, bits & 1023];
  return (bits >> 15 ? -1 : 1) * (exponent === 0 ? fraction * 2 ** -24 : (1 + fraction / 1024) * 2 ** (exponent - 15));
};

test('are the centroids of the model, to the last bit of a colour', () => {
  const { default: folder } = parseCatalogue(new TextDecoder().decode(read('index.json')));
  const { codes } = parseManifest(read(`${folder}/manifest.json`));
  const { centroids, size } = patchVectors(read(`${folder}/codebook.png`), codes);
  const exact = read(`${folder}/centroids.bin`);
  const view = new DataView(exact.buffer, exact.byteOffset);
  expect([size, centroids.length]).toEqual([192, exact.length / 2]);
  const furthest = centroids.reduce(
    (most, value, i) => Math.max(most, Math.abs(value - half(view.getUint16(2 * i, true)))),
    0,
  );
  expect(furthest).toBeLessThan(1 / 510 + 1e-3);
});

test('of two codes: their distance, in any PNG of 8 bits', () => {
  const atlas = (channels: 3 | 4) => {
    const data = new Uint8Array(16 * 8 * channels).fill(255);
    for (let y = 0; y < 8; y++) for (let x = 8; x < 16; x++) data[(y * 16 + x) * channels] = 0;
    return encode({ width: 16, height: 8, channels, depth: 8, data });
  };
  for (const channels of [3, 4] as const) {
    const vectors = patchVectors(atlas(channels), 2);
    expect(codeDistance({ ...vectors, nearDistance: 0 }, 0, 1)).toBe(8);
  }
  expect(() => patchVectors(atlas(3), 3)).toThrow('not an atlas');
});
