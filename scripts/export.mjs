/**
 * Builds the static site into out/, for any host and, with PAIRSCOPE_BASE_PATH=/sub/path, any folder of it. A static host sends no
 * content security policy, so each page carries its own, with the hashes of its inline scripts.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { contentSecurityPolicy } from '../content-security-policy.js';

rmSync('out', { recursive: true, force: true });
const { status } = spawnSync('npm', ['run', '-s', 'build'], {
  stdio: 'inherit',
  env: { ...process.env, PAIRSCOPE_EXPORT: '1' },
});
if (status !== 0) process.exit(status ?? 1);

for (const file of readdirSync('out', { recursive: true, encoding: 'utf8' })) {
  if (!file.endsWith('.html')) continue;
  const path = join('out', file);
  const html = readFileSync(path, 'utf8');
  const hashes = [...html.matchAll(/<script(?![^>]*\ssrc=)[^>]*>([\s\S]*?)<\/script>/g)].map(
    ([, script]) => `'sha256-${createHash('sha256').update(script).digest('base64')}'`,
  );
  const policy = contentSecurityPolicy([...new Set(hashes)], 'meta');
  const head = html.indexOf('<head>') + '<head>'.length;
  if (head < '<head>'.length) throw new Error(`${path} has no head that could hold its content security policy.`);
  const meta = `<meta http-equiv="Content-Security-Policy" content="${policy}"/>`;
  writeFileSync(path, html.slice(0, head) + meta + html.slice(head));
}
console.log(
  `Static site in out/${process.env.PAIRSCOPE_BASE_PATH ? `, to be served at ${process.env.PAIRSCOPE_BASE_PATH}/` : ''}`,
);
