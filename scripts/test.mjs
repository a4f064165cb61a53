/** Every check of the project, one after another; stops at the first that fails. Closes with one line of counts. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync } from 'node:fs';
import { findChromium } from './chromium.mjs';

mkdirSync('test-results', { recursive: true });
const chromium = await findChromium().catch((error) => {
  console.error(error.message);
  process.exit(1);
});
console.log(`Browser: ${chromium}`);

function run(title, command, args, env = {}) {
  const start = performance.now();
  console.log(`\n== ${title}`);
  const { status } = spawnSync(command, args, { stdio: 'inherit', env: { ...process.env, ...env } });
  console.log(
    `== ${title}: ${status === 0 ? 'passed' : 'FAILED'} in ${((performance.now() - start) / 1000).toFixed(0)} s`,
  );
  return status === 0;
}

const vitestReport = 'test-results/vitest.json';
const playwrightReport = 'test-results/playwright.json';
const counts = { passed: 0, failed: 0, skipped: 0 };

function countVitest() {
  const report = JSON.parse(readFileSync(vitestReport, 'utf8'));
  counts.passed += report.numPassedTests;
  counts.failed += report.numFailedTests;
  counts.skipped += report.numPendingTests;
}

function countPlaywright() {
  const { stats } = JSON.parse(readFileSync(playwrightReport, 'utf8'));
  counts.passed += stats.expected + stats.flaky;
  counts.failed += stats.unexpected;
  counts.skipped += stats.skipped;
}

function finish(ok) {
  console.log(`\n${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`);
  process.exit(ok ? 0 : 1);
}

// The quick checks go first; what they have checked, the builds do not check again.
if (!run('format', 'npm', ['run', '-s', 'format:check'])) finish(false);
if (!run('types', 'npm', ['run', '-s', 'typecheck'])) finish(false);
if (!run('lint', 'npm', ['run', '-s', 'lint'])) finish(false);
const unit = run('unit, property and contract tests', 'npx', [
  'vitest',
  'run',
  '--reporter=default',
  '--reporter=json',
  `--outputFile.json=${vitestReport}`,
]);
countVitest();
if (!unit) finish(false);
const checked = { PAIRSCOPE_CHECKED: '1' };
// The export builds in the same folder as the server build, which must be the one that is left there.
if (!run('static export', 'npm', ['run', '-s', 'export'], { ...checked, PAIRSCOPE_BASE_PATH: '/some/folder' })) {
  finish(false);
}
if (!run('build', 'npm', ['run', '-s', 'build'], checked)) finish(false);
const browser = run('browser tests', 'npx', ['playwright', 'test'], {
  CHROMIUM_PATH: chromium,
  PLAYWRIGHT_JSON_OUTPUT_NAME: playwrightReport,
});
countPlaywright();
finish(browser);
