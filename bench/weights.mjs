/**
 * Makes the model that all peers run: a random Janus, exported by training/export_janus in the hub's layout and in the fused one. It draws noise; what
 * matters is that every peer computes with the same numbers.
 */
import { execFileSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const { values: options } = parseArgs({
  options: {
    python: { type: 'string', default: 'python3' },
    /** Tokens on a side of the picture: 24 as the real models have, fewer where a step takes long. */
    grids: { type: 'string', default: '24,4' },
    layers: { type: 'string', default: '8' },
    width: { type: 'string', default: '384' },
    heads: { type: 'string', default: '6' },
    ffn: { type: 'string', default: '1024' },
    codes: { type: 'string', default: '4096' },
  },
});
const training = fileURLToPath(new URL('../training', import.meta.url));
const cache = fileURLToPath(new URL('.cache/models', import.meta.url));
const run = (...args) => execFileSync(options.python, ['-m', 'export_janus', ...args], { cwd: training, stdio: ['ignore', 'ignore', 'inherit'] });

for (const grid of options.grids.split(',')) {
  const checkpoint = join(cache, `checkpoint-${grid}`);
  for (const folder of ['checkpoint', 'hub', 'fused']) rmSync(join(cache, `${folder}-${grid}`), { recursive: true, force: true });
  const shape = ['layers', 'width', 'heads', 'ffn', 'codes'].flatMap((name) => [`--${name}`, options[name]]);
  run('tiny', checkpoint, '--grid', grid, '--patch', '16', ...shape);
  const common = ['--random', '--no-check', '--name', `random-janus-${grid}`];
  run('hub', checkpoint, join(cache, `hub-${grid}`), '--dtypes', 'fp32', '--understanding', '--no-manifest', ...common);
  run('fused', checkpoint, join(cache, `fused-${grid}`), '--weights', 'fp32', ...common);
  rmSync(checkpoint, { recursive: true });
  console.log(`hub-${grid}, fused-${grid}: ${Number(grid) ** 2} tokens a picture`);
}
