import { createHash } from 'node:crypto';
import { afterEach, expect, test } from 'vitest';
import { isSafePath, listModel } from './listing';
import { noise, quickNet } from './testing/hub';
import { COMMIT, HubServer } from './testing/hub-server';

let server: HubServer | null = null;
afterEach(() => server?.stop());

const files = {
  'config.json': new TextEncoder().encode('{}'),
  'tokenizer.json': noise(900, 1),
  'onnx/gen_head_fp16.onnx': noise(2000, 2),
  'onnx/language_model_q4f16.onnx': noise(3000, 3),
  'onnx/image_decode.onnx': noise(1500, 4),
  'onnx/embed_tokens_fp16.onnx': noise(1600, 5),
  'README.md': noise(10, 6),
};

const start = async () => {
  server = new HubServer([{ id: 'a/b', files, revisions: { main: COMMIT, 'v1.0': '1'.repeat(40) } }]);
  return { server, endpoint: await server.start() };
};

test('a hub’s repository: every page of it, sizes and digests, at one commit', async () => {
  const { endpoint } = await start();
  const listing = await listModel({ kind: 'hub', endpoint, id: 'a/b', revision: 'main' }, quickNet());
  expect(listing.origin).toEqual({ kind: 'hub', endpoint, id: 'a/b', revision: COMMIT });
  expect(listing.files.map(({ path }) => path).sort()).toEqual(Object.keys(files).sort());
  const large = listing.files.find(({ path }) => path === 'onnx/gen_head_fp16.onnx');
  expect(large).toEqual({
    path: 'onnx/gen_head_fp16.onnx',
    bytes: 2000,
    digest: `sha256:${createHash('sha256').update(files['onnx/gen_head_fp16.onnx']).digest('hex')}`,
  });
  expect(listing.files.find(({ path }) => path === 'config.json')?.digest).toMatch(/^git:/);
});

test.each([
  [
    'a repository that does not exist',
    { id: 'a/none', revision: 'main' },
    { code: 'hub-unknown', data: { model: 'a/none' } },
  ],
  [
    'a revision that does not exist',
    { id: 'a/b', revision: 'v9' },
    { code: 'hub-unknown', data: { model: 'a/b', revision: 'v9' } },
  ],
  [
    'a commit that does not exist',
    { id: 'a/b', revision: '2'.repeat(40) },
    { code: 'hub-unknown', data: { revision: '2'.repeat(40) } },
  ],
])('%s is named', async (_what, reference, error) => {
  const { endpoint } = await start();
  await expect(listModel({ kind: 'hub', endpoint, ...reference }, quickNet())).rejects.toMatchObject(error);
});

test('a busy hub is asked again when it says so; a page in place of the list is refused', async () => {
  const { server: hub, endpoint } = await start();
  const origin = { kind: 'hub', endpoint, id: 'a/b', revision: COMMIT } as const;
  let busy = 2;
  hub.listFault = () => (busy-- > 0 ? { kind: 'status', status: 429, retryAfter: '7' } : null);
  const net = quickNet();
  expect((await listModel(origin, net)).files).toHaveLength(Object.keys(files).length);
  expect(net.waits).toEqual([7000, 7000]);
  hub.listFault = () => ({ kind: 'status', status: 429 });
  await expect(listModel(origin, quickNet())).rejects.toMatchObject({ code: 'server-busy' });
  hub.listFault = () => ({ kind: 'page' });
  await expect(listModel(origin, quickNet())).rejects.toMatchObject({ code: 'model-damaged' });
  hub.listFault = () => ({ kind: 'status', status: 500 });
  await expect(listModel(origin, quickNet())).rejects.toMatchObject({
    code: 'network',
    data: { detail: 'the server answered 500' },
  });
});

test('without a network a list is asked for once', async () => {
  const net = quickNet(undefined, () => true);
  let asked = 0;
  const cut = () => (asked++, Promise.reject(new TypeError('Failed to fetch')));
  const origin = { kind: 'hub', endpoint: 'https://hub.example', id: 'a/b', revision: COMMIT } as const;
  await expect(listModel(origin, { ...net, fetch: cut })).rejects.toMatchObject({ code: 'network' });
  expect([asked, net.waits]).toEqual([1, []]);
});

test('a folder at an address is listed by its manifest, and refused without one', async () => {
  const data = noise(20, 1);
  const sha256 = createHash('sha256').update(data).digest('hex');
  const manifest = new TextEncoder().encode(
    JSON.stringify({
      layout: 'fused',
      files: { weights: { path: 'weights.bin', bytes: 20, sha256 }, 'onnx/a.onnx': { bytes: 20, sha256 } },
    }),
  );
  const escaping = new TextEncoder().encode(JSON.stringify({ files: { x: { path: '../x', bytes: 20, sha256 } } }));
  server = new HubServer([
    { id: 'my/model', files: { 'manifest.json': manifest, 'weights.bin': data } },
    { id: 'my/bad', files: { 'manifest.json': escaping } },
  ]);
  const endpoint = await server.start();
  const list = (path: string) => listModel({ kind: 'url', url: `${endpoint}/folder/${path}/` }, quickNet());
  expect((await list('my/model')).files.map(({ path, bytes }) => [path, bytes])).toEqual([
    ['manifest.json', manifest.length],
    ['weights.bin', 20],
    ['onnx/a.onnx', 20],
  ]);
  await expect(list('my/none')).rejects.toMatchObject({ code: 'not-listed' });
  await expect(list('my/bad')).rejects.toMatchObject({ code: 'model-damaged' });
});

test.each(['../x', 'a//b', '/a', 'a/..', 'a\\b', 'a\u202eb', 'https://x', '.', ''])(
  '%j is no path of a model',
  (path) => {
    expect(isSafePath(path)).toBe(false);
  },
);
