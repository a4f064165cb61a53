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
    /** Narrow models, on which `peers.mjs --calls` counts calls: calls depend on the layers and, by the sort, on the codes alone. */
    calls: { type: 'boolean', default: false },
    /** Tokens on a side of the picture: 24 as the real models have, fewer where a step takes long. */
    grids: { type: 'string' },
    layers: { type: 'string' },
    width: { type: 'string' },
    heads: { type: 'string' },
    ffn: { type: 'string' },
    codes: { type: 'string' },
  },
});
const usual = options.calls
  ? { grids: '8', layers: '8,24', width: '128', heads: '2', ffn: '256', codes: '256' }
  : { grids: '24,4', layers: '8', width: '384', heads: '6', ffn: '1024', codes: '4096' };
const { grids, layers, ...sizes } = {
  ...usual,
  ...Object.fromEntries(
    Object.keys(usual).flatMap((name) => (options[name] === undefined ? [] : [[name, options[name]]])),
  ),
};
const training = fileURLToPath(new URL('../training', import.meta.url));
const cache = fileURLToPath(new URL('.cache/models', import.meta.url));
const run = (...args) =>
  execFileSync(options.python, ['-m', 'export_janus', ...args], {
    cwd: training,
    stdio: ['ignore', 'ignore', 'inherit'],
  });

for (const grid of grids.split(',')) {
  for (const depth of layers.split(',')) {
    const name = options.calls ? `calls-${depth}` : grid;
    const checkpoint = join(cache, `checkpoint-${name}`);
    for (const folder of ['checkpoint', 'hub', 'fused'])
      rmSync(join(cache, `${folder}-${name}`), { recursive: true, force: true });
    const shape = Object.entries({ ...sizes, layers: depth }).flatMap(([option, value]) => [`--${option}`, value]);
    run('tiny', checkpoint, '--grid', grid, '--patch', '16', ...shape);
    const common = ['--random', '--no-check', '--name', `random-janus-${name}`];
    run(
      'hub',
      checkpoint,
      join(cache, `hub-${name}`),
      '--dtypes',
      'fp32',
      '--understanding',
      '--no-manifest',
      ...common,
    );
    run('fused', checkpoint, join(cache, `fused-${name}`), '--weights', 'fp32', ...common);
    rmSync(checkpoint, { recursive: true });
    console.log(`hub-${name}, fused-${name}: ${depth} layers, ${Number(grid) ** 2} tokens a picture`);
  }
}
