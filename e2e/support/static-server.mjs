/** A plain static host: one folder at one sub-path, no special headers. Usage: node static-server.mjs FOLDER /sub/path PORT */
import { createReadStream, statSync } from 'node:fs';
import { createServer } from 'node:http';
import { extname, join, normalize } from 'node:path';

const [folder, base, port] = process.argv.slice(2);
const types = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.mjs': 'text/javascript',
  '.css': 'text/css',
  '.json': 'application/json',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.wasm': 'application/wasm',
  '.woff2': 'font/woff2',
  '.txt': 'text/plain',
};

createServer((request, response) => {
  const { pathname } = new URL(request.url, 'http://localhost');
  const notFound = () => response.writeHead(404).end('Not found');
  if (!pathname.startsWith(`${base}/`)) return notFound();
  let path = join(folder, normalize(decodeURIComponent(pathname.slice(base.length))));
  try {
    if (statSync(path).isDirectory()) path = join(path, 'index.html');
    const { size } = statSync(path);
    response.writeHead(200, {
      'Content-Type': types[extname(path)] ?? 'application/octet-stream',
      'Content-Length': size,
    });
    createReadStream(path).pipe(response);
  } catch {
    notFound();
  }
}).listen(Number(port), '127.0.0.1');
