import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';
import { decodeLink } from '@/lib/comparison';
import type { DecodedImage, Grid, Pair } from '@/lib/domain';
import { createNodeDecoder } from '@/lib/engine/node';
import { DECODING_ROLES, parseCatalogue, parseManifest } from '@/lib/models';

/** Links as they were given away, of every model that ever drew. Never change: add those of a new model. */
const links = JSON.parse(readFileSync(new URL('testdata/links-of-models.json', import.meta.url), 'utf8')) as readonly {
  readonly model: string;
  readonly prompts: Pair<string>;
  /** Mean colour of every cell of the picture, three bytes each, base64. */
  readonly cells: Pair<string>;
  readonly link: string;
}[];

const models = fileURLToPath(new URL('../public/models', import.meta.url));
const catalogue = parseCatalogue(readFileSync(join(models, 'index.json'), 'utf8'));

const meanColours = ({ width, height, data }: DecodedImage, { rows, columns }: Grid): number[] => {
  const sums = new Float64Array(rows * columns * 3);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const cell = Math.floor((y * rows) / height) * columns + Math.floor((x * columns) / width);
      for (let channel = 0; channel < 3; channel++)
        sums[3 * cell + channel]! += data[4 * (y * width + x) + channel] ?? 0;
    }
  }
  return Array.from(sums, (sum) => (sum * rows * columns) / (width * height));
};

describe('links made with a model that draws or once drew', () => {
  const decoder = createNodeDecoder();
  /** Only what an archived model keeps, whether or not the model still draws. */
  const kept = mkdtempSync(join(tmpdir(), 'archived-'));
  afterAll(async () => {
    await decoder.dispose();
    rmSync(kept, { recursive: true });
  });

  test.each(links)(
    '$model, "$prompts.a" and "$prompts.b": shows the pictures that were shared',
    async ({ model, prompts, cells, link }) => {
      const opened = decodeLink(link);
      if (!opened.ok) throw new Error(opened.error.message);
      const { value } = opened;
      expect(value.prompts).toEqual(prompts);
      expect(`${value.model.name}@${value.model.hash}`).toBe(model);
      expect([...catalogue.models, ...catalogue.archived]).toContain(model);

      const folder = join(models, model);
      const manifest = parseManifest(readFileSync(join(folder, 'manifest.json')));
      for (const file of ['manifest.json', ...DECODING_ROLES.map((role) => manifest.files[role].path)])
        cpSync(join(folder, file), join(kept, model, file));
      await decoder.load({ kind: 'directory', path: join(kept, model) });
      const pictures = await decoder.decode([value.tokens.a, value.tokens.b]);
      for (const [index, side] of (['a', 'b'] as const).entries()) {
        const shown = meanColours(pictures[index]!, value.grid);
        const shared = Buffer.from(cells[side], 'base64');
        expect(shown).toHaveLength(shared.length);
        const furthest = Math.max(...shown.map((colour, i) => Math.abs(colour - (shared[i] ?? NaN))));
        expect(furthest).toBeLessThan(3);
        // A blank picture is not what was shared.
        expect(new Set(shared).size).toBeGreaterThan(20);
      }
    },
  );

  test('cover every model that links can have been made with', () => {
    const covered = new Set(links.map(({ model }) => model));
    expect(catalogue.archived.filter((model) => !covered.has(model))).toEqual([]);
  });
});
