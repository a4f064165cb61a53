// Rasterises the chosen Fluent emoji to PNG, read by pairscope/sprites.py.
// Usage: node rasterize.mjs <output folder> <pixels> <icon name>...
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { Resvg } from '@resvg/resvg-js';

const [folder, pixels, ...names] = process.argv.slice(2);
if (!folder || !(Number(pixels) > 0) || names.length === 0) {
  console.error('usage: node rasterize.mjs <output folder> <pixels> <icon name>...');
  process.exit(2);
}
const require = createRequire(import.meta.url);
const set = JSON.parse(readFileSync(require.resolve('@iconify-json/fluent-emoji/icons.json'), 'utf8'));
mkdirSync(folder, { recursive: true });
for (const name of names) {
  const icon = set.icons[name];
  if (!icon) throw new Error(`no such icon: ${name}`);
  const width = icon.width ?? set.width;
  const height = icon.height ?? set.height;
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="0 0 ${width} ${height}" width="${pixels}" height="${pixels}">${icon.body}</svg>`;
  writeFileSync(join(folder, `${name}.png`), new Resvg(svg, { fitTo: { mode: 'width', value: Number(pixels) } }).render().asPng());
}
