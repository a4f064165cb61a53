/**
 * Draws the recorded comparisons of the first screen into public/examples, with the same engine as the page:
 *
 *     npx tsx scripts/make-examples.ts [model folder]
 *
 * Each is a comparison.json with its two pictures, so showing one needs no model.
 */
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { modelFolder } from '@/cli/pair-model';
import { toComparisonJson, TraceBuilder } from '@/lib/comparison';
import { provenanceOf } from '@/lib/engine';
import { createNodeDecoder, createNodeEngine } from '@/lib/engine/node';
import { encodePng } from '@/lib/export';
import { firstSplit } from '@/lib/measures';

interface Recipe {
  readonly id: string;
  /** A category of PairComp: color, counting, position, style, text or appearance. */
  readonly category: string;
  readonly a: string;
  readonly b: string;
  readonly seed: number;
}

/** The first is on screen when the page opens. Seeds were chosen by looking: both pictures show what they should. */
const recipes: readonly Recipe[] = [
  { id: 'text', category: 'text', a: 'a red sign that says "STOP"', b: 'a red sign that says "SHOP"', seed: 1 },
  { id: 'appearance', category: 'appearance', a: 'a bear wearing a crown', b: 'a bear wearing a hat', seed: 12 },
  {
    id: 'color',
    category: 'color',
    a: 'a red apple and a yellow lemon',
    b: 'a green apple and a yellow lemon',
    seed: 4,
  },
  { id: 'counting', category: 'counting', a: 'three cats', b: 'four cats', seed: 11 },
  { id: 'position', category: 'position', a: 'a cat to the left of a dog', b: 'a cat to the right of a dog', seed: 4 },
  { id: 'style', category: 'style', a: 'a dog in neon', b: 'a dog drawn in chalk', seed: 3 },
];

const folder = modelFolder(process.argv[2] ?? null);
const target = fileURLToPath(new URL('../public/examples/', import.meta.url));

const engine = createNodeEngine();
const decoder = createNodeDecoder();
const location = { kind: 'directory', path: folder } as const;
const info = await engine.load(location);
await decoder.load(location);

mkdirSync(target, { recursive: true });
for (const file of readdirSync(target)) rmSync(join(target, file));

const examples = [];
for (const { id, category, a, b, seed } of recipes) {
  const prompts = { a, b };
  const settings = { ...info.defaults, seed };
  const builder = new TraceBuilder(info.grid.rows * info.grid.columns);
  for await (const event of engine.draw({ prompts, settings })) builder.add(event);
  const [pictureA, pictureB] = await decoder.decode([builder.tokens.a, builder.tokens.b]);
  if (!pictureA || !pictureB) throw new Error(`The pictures of ${id} could not be decoded.`);
  const comparison = {
    model: { name: info.modelName, hash: info.modelHash },
    prompts,
    settings,
    grid: info.grid,
    codes: info.codes,
    tokens: builder.tokens,
    trace: builder.trace,
    provenance: provenanceOf(info, settings, true),
  };
  writeFileSync(join(target, `${id}.json`), toComparisonJson(comparison));
  writeFileSync(join(target, `${id}-a.png`), encodePng(pictureA));
  writeFileSync(join(target, `${id}-b.png`), encodePng(pictureB));
  examples.push({
    id,
    category,
    title: `${a} / ${b}`,
    file: `examples/${id}.json`,
    a: `examples/${id}-a.png`,
    b: `examples/${id}-b.png`,
  });
  process.stderr.write(`${id}: first split ${firstSplit(builder.tokens) ?? 'none'}\n`);
}
writeFileSync(join(target, 'index.json'), `${JSON.stringify({ examples }, null, 2)}\n`);
await engine.dispose();
await decoder.dispose();
