import { createReadStream, existsSync, readdirSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import { extname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundles } from './bundle.mjs';
import { root } from './server.mjs';

const types = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.mjs': 'text/javascript',
  '.json': 'application/json',
  '.wasm': 'application/wasm',
};
const page =
  '<!doctype html><meta charset="utf-8"><title>Peers</title><link rel="icon" href="data:,"><script type="module" src="/bundles/page.js"></script>';

/** Every file in a folder, relative to it. */
export const filesIn = (folder) =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1));

/** Serves an empty page, the bundles, both runtimes, and model folders under the paths that a hub has; cross-origin isolated, so that threads can be had. */
export async function startHub(models) {
  const roots = [
    [/^\/bundles\/onnxruntime-web\//, join(root, 'node_modules/onnxruntime-web/dist')],
    [/^\/runtime\//, join(root, 'node_modules/onnxruntime-web/dist')],
    [/^\/peer-runtime\//, fileURLToPath(new URL('../node_modules/onnxruntime-web/dist', import.meta.url))],
    [/^\/bundles\//, bundles],
    ...Object.entries(models).map(([name, folder]) => [new RegExp(`^/${name}/resolve/main/`), folder]),
  ];
  const server = createServer((request, response) => {
    const path = normalize(decodeURIComponent(new URL(request.url, 'http://hub').pathname));
    const headers = { 'Cross-Origin-Opener-Policy': 'same-origin', 'Cross-Origin-Embedder-Policy': 'require-corp' };
    if (path === '/') return void response.writeHead(200, { ...headers, 'Content-Type': 'text/html' }).end(page);
    const found = roots.find(([pattern]) => pattern.test(path));
    const file = found && join(found[1], path.replace(found[0], ''));
    if (!file || !existsSync(file) || !statSync(file).isFile()) return void response.writeHead(404, headers).end();
    response.writeHead(200, {
      ...headers,
      'Content-Type': types[extname(file)] ?? 'application/octet-stream',
      'Content-Length': statSync(file).size,
    });
    createReadStream(file).pipe(response);
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { url: `http://127.0.0.1:${server.address().port}/`, stop: () => server.close() };
}
