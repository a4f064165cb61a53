import { afterEach, describe, expect, test } from 'vitest';
import { findTensors } from '@/lib/onnx';
import { findRowTable, RowFetcher } from './rows';
import { noise, quickNet, startHub } from './testing/hub';

const varint = (value: number): number[] =>
  value < 128 ? [value] : [(value % 128) + 128, ...varint(Math.floor(value / 128))];
const field = (number: number, data: number | Uint8Array | string): Buffer => {
  if (typeof data === 'number') return Buffer.from([...varint(number * 8), ...varint(data)]);
  const bytes = Buffer.from(data);
  return Buffer.concat([Buffer.from([...varint(number * 8 + 2), ...varint(bytes.length)]), bytes]);
};
const entry = (key: string, value: string) => field(13, Buffer.concat([field(1, key), field(2, value)]));
const tensor = (...fields: Buffer[]) => field(5, Buffer.concat(fields));

const ROWS = 700;
const COLUMNS = 64;
const table = noise(ROWS * COLUMNS * 2, 9);
const inside = [
  // A smaller matrix, a vector, and a table of another type must not be taken for the embeddings.
  tensor(field(1, 3), field(1, 2), field(2, 10), field(8, 'small'), field(9, noise(12, 1))),
  tensor(field(1, 99_000), field(2, 1), field(8, 'vector'), field(9, noise(396_000, 2))),
  // Dims packed, as proto3 writers do.
  tensor(
    field(1, Uint8Array.from([...varint(ROWS), ...varint(COLUMNS)])),
    field(2, 10),
    field(8, 'embed'),
    field(9, table),
  ),
];
const onnx = (tensors: Buffer[]) =>
  Uint8Array.from(
    Buffer.concat([
      field(1, 8),
      field(2, 'a writer'),
      field(7, Buffer.concat([field(1, Buffer.from('node')), ...tensors, field(2, 'graph')])),
      field(8, 'opset'),
    ]),
  );
const outside = [
  tensor(
    field(1, ROWS),
    field(1, COLUMNS),
    field(2, 10),
    field(8, 'embed'),
    field(14, 1),
    entry('location', 'embed.onnx_data'),
    entry('offset', '16'),
    entry('length', String(table.length)),
  ),
];

const files = {
  'onnx/inside.onnx': onnx(inside),
  'onnx/outside.onnx': onnx(outside),
  'onnx/embed.onnx_data': Uint8Array.from([...noise(16, 3), ...table]),
  'onnx/none.onnx': onnx([]),
  'onnx/page.onnx': new TextEncoder().encode('<!doctype html><p>not a graph at all</p>'),
};

let hub: Awaited<ReturnType<typeof startHub>> | null = null;
afterEach(() => hub?.server.stop());

const open = async (path: string) => {
  hub = await startHub(files);
  const graph = hub.listed.find((file) => file.path === path)!;
  return { hub, net: quickNet(), find: () => findRowTable(hub!.origin, graph, hub!.listed, quickNet()) };
};
const row = (id: number) => [...table.subarray(id * COLUMNS * 2, (id + 1) * COLUMNS * 2)];

describe('rows of a table of embeddings', () => {
  test.each(['onnx/inside.onnx', 'onnx/outside.onnx'])('of %s are fetched without the rest', async (path) => {
    const { hub: server, net, find } = await open(path);
    const found = await find();
    expect(found).toMatchObject({ rows: ROWS, columns: COLUMNS, type: 'float16' });
    const fetcher = new RowFetcher(found, net);
    const ids = [699, 0, 5, 5, 300];
    expect([...(await fetcher.rows(ids))]).toEqual(ids.flatMap(row));
    const sent = [...server.server.sentBytes.values()].reduce((sum, bytes) => sum + bytes, 0);
    expect(sent).toBeLessThan(4 * 64 * 1024 + 6 * NEAR);
    const asked = server.server.asked.length;
    expect([...(await fetcher.rows([300, 699]))]).toEqual([...row(300), ...row(699)]);
    expect(server.server.asked).toHaveLength(asked);
  });

  test.each([-1, ROWS, 0.5])('there is no row %d', async (id) => {
    const { net, find } = await open('onnx/outside.onnx');
    await expect(new RowFetcher(await find(), net).rows([id])).rejects.toThrow(RangeError);
  });

  test.each(['onnx/none.onnx', 'onnx/page.onnx'])('%s has none, and that is said', async (path) => {
    const { find } = await open(path);
    await expect(find()).rejects.toMatchObject({ code: 'model-damaged', data: { file: path } });
  });

  test('a server that sends the whole file is refused', async () => {
    const { hub: server, find } = await open('onnx/outside.onnx');
    server.server.fault = () => ({ kind: 'ignore-range' });
    await expect(find()).rejects.toMatchObject({ code: 'network' });
  });

  test('a cut answer is not taken for a row', async () => {
    const { hub: server, net, find } = await open('onnx/outside.onnx');
    const fetcher = new RowFetcher(await find(), net);
    server.server.fault = () => ({ kind: 'short', bytes: 10 });
    await expect(fetcher.rows([1])).rejects.toMatchObject({ code: 'model-truncated' });
  });
});

const NEAR = 16 * 1024;

test('tensors are found wherever windows of reading fall', async () => {
  const data = files['onnx/inside.onnx'];
  const places = await findTensors('x', data.length, (from, to) =>
    Promise.resolve(data.subarray(from, Math.min(to, from + 7))).then((part) => part),
  );
  expect(places.map(({ name, dims, bytes }) => [name, dims, bytes])).toEqual([
    ['small', [3, 2], 12],
    ['vector', [99_000], 396_000],
    ['embed', [ROWS, COLUMNS], table.length],
  ]);
  const embed = places[2]!;
  expect(Buffer.compare(data.subarray(embed.offset, embed.offset + embed.bytes), table)).toBe(0);
});
