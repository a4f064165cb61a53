import { testModel } from './testing';
import { cpSync, mkdtempSync, readFileSync, rmSync, truncateSync, unlinkSync, writeFileSync } from 'node:fs';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { ModelError } from '@/lib/domain';
import { openModel, UrlSource } from './files';
import { DirectorySource } from './node';
import { sha256Hex } from './sha256';
import type { FileSource } from './sources';
import { BrowserFileStore } from './storage';

const tiny = testModel('tiny-model');
const cleanUps: (() => void)[] = [];
afterEach(() => {
  for (const cleanUp of cleanUps.splice(0)) cleanUp();
});

function copyOfTiny(): string {
  const folder = mkdtempSync(join(tmpdir(), 'model-'));
  cpSync(tiny, folder, { recursive: true });
  cleanUps.push(() => {
    rmSync(folder, { recursive: true });
  });
  return folder;
}

/** Serves a folder; `intercept` may answer first. */
async function serveFolder(
  folder: string,
  intercept?: (...args: Parameters<RequestListener>) => boolean,
): Promise<{ url: string; requests: string[] }> {
  const requests: string[] = [];
  const server: Server = createServer((request, response) => {
    const path = request.url ?? '/';
    requests.push(path);
    if (intercept?.(request, response)) return;
    try {
      response.end(readFileSync(join(folder, path)));
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  cleanUps.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, requests };
}

describe('model files from a folder', () => {
  test('are read and verified', async () => {
    const files = await openModel(new DirectorySource(tiny));
    expect(files.manifest.name).toBe('tiny');
    const text = await files.read('text');
    expect(await sha256Hex(text)).toBe(files.manifest.files.text.sha256);
  });

  const spoil: [string, string, (folder: string) => void][] = [
    [
      'missing',
      'model-missing',
      (folder) => {
        unlinkSync(join(folder, 'weights.bin'));
      },
    ],
    [
      'truncated',
      'model-truncated',
      (folder) => {
        truncateSync(join(folder, 'weights.bin'), 1000);
      },
    ],
    [
      'altered',
      'model-altered',
      (folder) => {
        const data = readFileSync(join(folder, 'weights.bin'));
        data[7] = (data[7] ?? 0) ^ 1;
        writeFileSync(join(folder, 'weights.bin'), data);
      },
    ],
    [
      'too long',
      'model-altered',
      (folder) => {
        writeFileSync(join(folder, 'weights.bin'), new Uint8Array(10), { flag: 'a' });
      },
    ],
  ];
  test.each(spoil)('that are %s are refused by name', async (_how, code, damage) => {
    const folder = copyOfTiny();
    damage(folder);
    const files = await openModel(new DirectorySource(folder));
    await expect(files.read('weights')).rejects.toMatchObject({ code, data: { file: 'weights.bin' } });
  });

  test('without a manifest, or with a damaged one, are refused', async () => {
    const folder = copyOfTiny();
    writeFileSync(join(folder, 'manifest.json'), '{"format": 2}');
    await expect(openModel(new DirectorySource(folder))).rejects.toMatchObject({ code: 'model-damaged' });
    unlinkSync(join(folder, 'manifest.json'));
    await expect(openModel(new DirectorySource(folder))).rejects.toMatchObject({ code: 'model-unknown' });
  });

  test('must have the manifest that the folder is named after', async () => {
    const source = new DirectorySource(tiny);
    const renamed: FileSource = { name: 'tiny@0123456789abcdef', read: (path, options) => source.read(path, options) };
    await expect(openModel(renamed)).rejects.toMatchObject({ code: 'model-altered', data: { file: 'manifest.json' } });
  });
});

describe('model files by URL', () => {
  test('arrive with progress in decoded bytes', async () => {
    const { url } = await serveFolder(tiny);
    const files = await openModel(new UrlSource(url));
    const progress: number[] = [];
    await files.read('weights', { onProgress: (bytes) => progress.push(bytes) });
    expect(progress.at(-1)).toBe(files.manifest.files.weights.bytes);
  });

  test('are asked for once more after a failure', async () => {
    let failures = 1;
    const { url, requests } = await serveFolder(tiny, ({ url: path }, response) => {
      if (path !== '/weights.bin' || failures-- <= 0) return false;
      response.writeHead(200, { 'Content-Length': '50688' });
      response.write('half a file');
      setTimeout(() => response.destroy(), 20);
      return true;
    });
    const files = await openModel(new UrlSource(url));
    expect((await files.read('weights')).length).toBe(files.manifest.files.weights.bytes);
    expect(requests.filter((path) => path === '/weights.bin')).toHaveLength(2);
  });

  test('that stay away are a network error, or missing', async () => {
    const { url } = await serveFolder(tiny, ({ url: path }, response) => {
      if (path === '/weights.bin') response.writeHead(503).end();
      else if (path === '/text.json') response.writeHead(404).end();
      else return false;
      return true;
    });
    const files = await openModel(new UrlSource(url));
    await expect(files.read('weights')).rejects.toMatchObject({ code: 'network', data: { file: 'weights.bin' } });
    await expect(files.read('text')).rejects.toMatchObject({ code: 'model-missing', data: { file: 'text.json' } });
    await expect(openModel(new UrlSource('http://127.0.0.1:9/nothing'))).rejects.toMatchObject({ code: 'network' });
  });

  test('can be given up', async () => {
    const { url } = await serveFolder(tiny, ({ url: path }, response) => {
      if (path !== '/weights.bin') return false;
      response.write('and then nothing');
      return true;
    });
    const files = await openModel(new UrlSource(url));
    const stop = new AbortController();
    const reading = files.read('weights', { signal: stop.signal });
    setTimeout(() => {
      stop.abort();
    }, 30);
    await expect(reading).rejects.toMatchObject({ code: 'aborted' });
  });
});

/** The Cache API as far as the store uses it. */
class MemoryCaches {
  readonly entries = new Map<string, Uint8Array<ArrayBuffer>>();
  full = false;

  open() {
    return Promise.resolve({
      match: (key: string) => Promise.resolve(this.entries.has(key) ? new Response(this.entries.get(key)) : undefined),
      put: async (key: string, response: Response) => {
        if (this.full) throw new DOMException('full', 'QuotaExceededError');
        this.entries.set(key, new Uint8Array(await response.arrayBuffer()));
      },
      delete: (key: string) => Promise.resolve(this.entries.delete(key)),
    });
  }
}

describe("the browser's storage", () => {
  const setUp = async () => {
    const caches = new MemoryCaches();
    const store = new BrowserFileStore(caches as unknown as CacheStorage, 'http://localhost');
    const { url, requests } = await serveFolder(tiny);
    const open = () => openModel(new UrlSource(url), { store });
    return { caches, open, downloads: () => requests.filter((path) => path === '/weights.bin').length };
  };

  test('keeps verified files, so that they come over the network once', async () => {
    const { open, downloads } = await setUp();
    const first = await (await open()).read('weights');
    let stored = false;
    const second = await (
      await open()
    ).read('weights', {
      onProgress: (_bytes, _phase, fromStorage) => {
        stored ||= fromStorage;
      },
    });
    expect(second).toEqual(first);
    expect([downloads(), stored]).toEqual([1, true]);
  });

  test('is checked again: what was altered there is fetched anew', async () => {
    const { caches, open, downloads } = await setUp();
    await (await open()).read('weights');
    for (const data of caches.entries.values()) data[3] = (data[3] ?? 0) ^ 255;
    await (await open()).read('weights');
    expect(downloads()).toBe(2);
  });

  test('a second model that shares its tokenizer and decoder fetches its weights alone', async () => {
    const folder = copyOfTiny();
    const weights = readFileSync(join(folder, 'weights.bin')).reverse();
    writeFileSync(join(folder, 'weights.bin'), weights);
    const manifest = JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8')) as {
      files: { weights: { sha256: string } };
    };
    manifest.files.weights.sha256 = await sha256Hex(Uint8Array.from(weights));
    writeFileSync(join(folder, 'manifest.json'), JSON.stringify(manifest));
    const store = new BrowserFileStore(new MemoryCaches() as unknown as CacheStorage, 'http://localhost');
    const [first, second] = [await serveFolder(tiny), await serveFolder(folder)];
    const roles = ['weights', 'graph.cpu', 'decoder', 'codebook', 'centroids', 'text', 'vocabulary'] as const;
    const one = await openModel(new UrlSource(first.url), { store });
    for (const role of roles) await one.read(role);
    const other = await openModel(new UrlSource(second.url), { store });
    for (const role of roles) await other.read(role);
    expect(first.requests).toHaveLength(1 + roles.length);
    expect(second.requests).toEqual(['/manifest.json', '/weights.bin']);
  });

  test('opens a stored model without a network', async () => {
    const store = new BrowserFileStore(new MemoryCaches() as unknown as CacheStorage, 'http://localhost');
    const disk = new DirectorySource(tiny);
    const name = `tiny@${(await openModel(disk)).hash}`;
    const online: FileSource = { name, read: (path, options) => disk.read(path, options) };
    const text = await (await openModel(online, { store })).read('text');
    const offline: FileSource = { name, read: () => Promise.reject(new ModelError('network', {})) };
    const files = await openModel(offline, { store });
    expect(await files.read('text')).toEqual(text);
    await expect(files.read('weights')).rejects.toMatchObject({ code: 'network' });
  });

  test('may be full or forbidden: the file is used all the same', async () => {
    const { caches, open } = await setUp();
    caches.full = true;
    const files = await open();
    expect((await files.read('weights')).length).toBe(files.manifest.files.weights.bytes);
    expect(files.stored).toBe(false);
    const forbidden = new BrowserFileStore({
      open: () => Promise.reject(new DOMException('no', 'SecurityError')),
    } as unknown as CacheStorage);
    expect(await forbidden.get('00')).toBeNull();
    expect(await forbidden.put('00', new Uint8Array(1))).toBe(false);
  });
});
