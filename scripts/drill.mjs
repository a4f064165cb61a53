/** Every property again with many times its runs and new seeds: `npm run drill -- 20`. Says how many values were tried. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const [factor = '20'] = process.argv.slice(2);
if (!/^[1-9]\d{0,3}$/.test(factor)) {
  console.error('Say how many times as many runs each property gets: npm run drill -- 20');
  process.exit(2);
}

const properties = ['cli', 'components', 'lib', 'tests']
  .flatMap((folder) => readdirSync(folder, { recursive: true }).map((name) => join(folder, name)))
  .filter((path) => path.endsWith('.test.ts') && readFileSync(path, 'utf8').includes("from 'fast-check'"));
const report = join('test-results', 'drill.txt');
mkdirSync('test-results', { recursive: true });
writeFileSync(report, '');
const start = performance.now();
const { status } = spawnSync('npx', ['vitest', 'run', '--testTimeout', '3600000', ...properties], {
  stdio: 'inherit',
  env: { ...process.env, PAIRSCOPE_DRILL: factor, PAIRSCOPE_DRILL_REPORT: report },
});
const runs = readFileSync(report, 'utf8')
  .split('\n')
  .reduce((sum, line) => sum + Number(line), 0);
const seconds = Math.round((performance.now() - start) / 1000);
console.log(
  `${runs.toLocaleString('en')} values of ${properties.length} files' properties were tried in ${seconds} s.`,
);
process.exit(status ?? 1);
