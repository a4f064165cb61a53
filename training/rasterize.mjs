// Rasterises chosen pictures to PNG, read by pairscope/world/sprites.py. A set is an icon package, or a folder of own drawings.
// Usage: node rasterize.mjs <set> <output folder> <pixels> <icon name>...
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { Resvg } from '@resvg/resvg-js';

const [set, folder, pixels, ...names] = process.argv.slice(2);
if (!set || !folder || !(Number(pixels) > 0) || names.length === 0) {
  console.error('usage: node rasterize.mjs <set> <output folder> <pixels> <icon name>...');
  process.exit(2);
}
const require = createRequire(import.meta.url);
const own = existsSync(set);
const icons = own ? null : JSON.parse(readFileSync(require.resolve(`@iconify-json/${set}/icons.json`), 'utf8'));

/** The SVG source of one picture. */
function source(name) {
  if (own) return readFileSync(join(set, `${name}.svg`), 'utf8');
  const icon = icons.icons[name];
  if (!icon) throw new Error(`no such icon in ${set}: ${name}`);
  const width = icon.width ?? icons.width;
  const height = icon.height ?? icons.height;
  return `<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="0 0 ${width} ${height}" width="${pixels}" height="${pixels}" color="black">${icon.body}</svg>`;
}

mkdirSync(folder, { recursive: true });
for (const name of names) {
  const file = join(folder, `${name}.png`);
  // Another process may be looking for it: a file is there whole or not at all.
  writeFileSync(`${file}.${process.pid}`, new Resvg(source(name), { fitTo: { mode: 'width', value: Number(pixels) } }).render().asPng());
  renameSync(`${file}.${process.pid}`, file);
}
