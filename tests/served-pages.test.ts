import { readFileSync } from 'node:fs';
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createContext, runInContext } from 'node:vm';
import { afterEach, expect, test, vi } from 'vitest';
import { allowedMethods } from '../allowed-methods';
import { register } from '../instrumentation.server';
import config from '../next.config.js';

afterEach(() => vi.unstubAllEnvs());

/** Runs a script of `public/` in a page that has these globals. */
const run = (script: string, globals: object): void => {
  runInContext(readFileSync(new URL(`../public/${script}`, import.meta.url), 'utf8'), createContext(globals));
};

class FakeElement {
  readonly children: unknown[] = [];
  readonly dataset: Record<string, string> = {};
  hidden = false;
  shadow: FakeElement | null = null;
  append(...children: unknown[]): void {
    this.children.push(...children);
  }
  attachShadow(): FakeElement {
    return (this.shadow = new FakeElement());
  }
}

test.each([false, true])('inside another page (%s) the page shows the way out and nothing else', (isFramed) => {
  const self = {};
  const [documentElement, body] = [new FakeElement(), new FakeElement()];
  const link = new FakeElement() as FakeElement & { href?: string; target?: string };
  let atEnd = () => undefined;
  run('before-paint.js', {
    window: { self, top: isFramed ? {} : self },
    document: { documentElement, body, createElement: () => link },
    location: { href: 'https://pairscope.example/#c=A' },
    localStorage: { getItem: () => 'dark' },
    addEventListener: (_: string, listener: () => undefined) => (atEnd = listener),
  });
  expect(documentElement.dataset.theme).toBe('dark');
  // Until it is known what stands in place of the page, nothing is shown.
  expect(documentElement.hidden).toBe(isFramed);
  atEnd();
  expect(documentElement.hidden).toBe(false);
  expect(body.shadow?.children.at(-1)).toBe(isFramed ? link : undefined);
  if (isFramed) expect(link).toMatchObject({ href: 'https://pairscope.example/#c=A', target: '_blank' });
});

test.each([
  ['a first visit', '', false],
  ['a shared link', '#c=A', true],
  ['a link that was encoded on its way', '#m%3DA', true],
  ['a place of the page', '#bench', false],
])('%s: what the page was served with is hidden only where a comparison takes its place', (_name, hash, isHidden) => {
  const documentElement = new FakeElement();
  const self = {};
  run('before-paint.js', {
    window: { self, top: self },
    document: { documentElement },
    location: { hash },
    localStorage: { getItem: () => null },
  });
  expect('opening' in documentElement.dataset).toBe(isHidden);
});

test.each([
  ['/', '', false],
  ['/paircomp', '', false],
  ['/api', '', false],
  ['/apiary/x', '', false],
  ['/models/../api/x', '', true],
  ['/api/../paircomp', '', false],
  ['/api/runs', '', true],
  ['/api/runs?x=/', '', true],
  ['http://localhost/api/runs', '', true],
  ['//api/runs', '', false],
  ['http://[', '', false],
  ['*', '', false],
  ['/some/folder/api/runs', '/some/folder', true],
  ['/api/runs', '/some/folder', false],
])('at %s (under "%s") more than reading may be asked for: %s', (address, basePath, isRoute) => {
  const allowed = allowedMethods(address, basePath);
  expect(allowed).toEqual(expect.arrayContaining(['GET', 'HEAD']));
  for (const method of ['POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']) expect(allowed.includes(method)).toBe(isRoute);
  for (const method of ['TRACE', 'TRACK', 'CONNECT', 'PROPFIND']) expect(allowed).not.toContain(method);
});

test('the server answers what only reads', async () => {
  vi.stubEnv('NODE_ENV', 'production');
  vi.stubEnv('NEXT_RUNTIME', 'nodejs');
  await register();
  const server = createServer((_request, response) => {
    if (!response.writableEnded) response.end('a page');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const statusOf = (method: string, path = '/'): Promise<unknown> =>
    new Promise((resolve, reject) => {
      request({ port, method, path, host: '127.0.0.1' }, (response) => {
        response.resume();
        resolve([response.statusCode, response.headers.allow]);
      })
        .on('error', reject)
        .end();
    });
  try {
    for (const method of ['TRACE', 'POST', 'PUT', 'DELETE', 'OPTIONS'])
      expect(await statusOf(method)).toEqual([405, 'GET, HEAD']);
    for (const method of ['GET', 'HEAD']) expect(await statusOf(method)).toEqual([200, undefined]);
    // Routes answer for themselves, but for what no route can have.
    for (const method of ['GET', 'POST', 'DELETE'])
      expect(await statusOf(method, '/api/runs')).toEqual([200, undefined]);
    expect(await statusOf('TRACE', '/api/runs')).toEqual([405, 'GET, HEAD, OPTIONS, POST, PUT, PATCH, DELETE']);
  } finally {
    server.close();
  }
});

test('what is missing among files has a policy, and there is no loader of images', async () => {
  const sources = (await config.headers?.()) ?? [];
  const withPolicy = sources.filter(({ headers }) => headers.some(({ key }) => key === 'Content-Security-Policy'));
  expect(withPolicy.map(({ source }) => source)).toEqual(
    expect.arrayContaining(['/models/:path*', '/examples/:path*']),
  );
  expect(config.images?.unoptimized).toBe(true);
});
