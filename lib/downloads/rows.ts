import { ModelError, throwModelErrorIfAborted } from '@/lib/domain';
import { externalPath, type RowTable } from '@/lib/models';
import { findTensors, type ReadRange } from '@/lib/onnx';
import type { ListedFile } from './listing';
import { fileUrl, type ModelOrigin } from './origin';
import { get, judge, type Net, PassingFailure } from './request';

const TYPES: Readonly<Record<number, { readonly type: RowTable['type']; readonly bytes: number }>> = {
  1: { type: 'float32', bytes: 4 },
  10: { type: 'float16', bytes: 2 },
};

const rowBytesOf = ({ columns, type }: RowTable): number => columns * (type === 'float32' ? 4 : 2);

/** Rows so near each other are fetched by one request. */
const NEAR_BYTES = 16 * 1024;
const PARALLEL = 6;

/** One part of a file; a server that sends the whole instead is refused, because that is what was not wanted. */
async function getRange(
  url: string,
  path: string,
  from: number,
  to: number,
  net: Net,
): Promise<Uint8Array<ArrayBuffer>> {
  const what = { file: path };
  const stop = new AbortController();
  const signal = net.signal ? AbortSignal.any([net.signal, stop.signal]) : stop.signal;
  try {
    const response = await get(url, net, signal, { Range: `bytes=${from}-${to - 1}` });
    const problem = judge(response, what);
    if (problem) throw problem instanceof PassingFailure ? problem.lasting : problem;
    const start = /^bytes (\d+)-/.exec(response.headers.get('Content-Range') ?? '')?.[1];
    if (response.status !== 206 || (start !== undefined && Number(start) !== from)) {
      throw new ModelError('network', {
        ...what,
        detail: 'the server does not send parts of files; download the whole table instead',
      });
    }
    const data = new Uint8Array(await response.arrayBuffer());
    if (data.length > to - from)
      throw new ModelError('model-altered', { ...what, expectedBytes: to - from, receivedBytes: data.length });
    return data;
  } catch (error) {
    stop.abort();
    if (error instanceof ModelError) throw error;
    throwModelErrorIfAborted(net.signal);
    throw new ModelError('network', what, { cause: error });
  }
}

/**
 * Finds the table in an ONNX file of text embeddings: its largest matrix of float32 or float16. `files` are the origin's, for tables
 * in a file of their own. Throws `model-damaged` where there is none, and `model-outside`.
 */
export async function findRowTable(
  origin: ModelOrigin,
  graph: ListedFile,
  files: readonly ListedFile[],
  net: Net,
): Promise<RowTable> {
  const { path } = graph;
  const read: ReadRange = (from, to) => getRange(fileUrl(origin, path), path, from, Math.min(to, graph.bytes), net);
  const tables = (await findTensors(path, graph.bytes, read)).flatMap((place) => {
    const [rows = 0, columns = 0, ...more] = place.dims;
    const type = TYPES[place.dataType];
    return type && more.length === 0 && rows * columns * type.bytes === place.bytes
      ? [{ ...place, rows, columns, type: type.type }]
      : [];
  });
  const table = tables.sort((one, other) => other.bytes - one.bytes)[0];
  const place = table?.file ? externalPath(path, table.file) : path;
  const holder = place === path ? graph : files.find((file) => file.path === place);
  if (!table || !holder || table.offset + table.bytes > holder.bytes) {
    throw new ModelError('model-damaged', {
      file: path,
      detail: 'it holds no table of which rows can be fetched; download the whole file instead',
    });
  }
  const { offset, rows, columns, type } = table;
  return { path: holder.path, url: fileUrl(origin, holder.path), offset, rows, columns, type };
}

/** Fetches rows of a table as they are needed, each once. */
export class RowFetcher {
  readonly #rows = new Map<number, Uint8Array<ArrayBuffer>>();

  constructor(
    readonly table: RowTable,
    private readonly net: Omit<Net, 'signal'>,
  ) {}

  /**
   * The rows with these ids, one after another as stored (little-endian), [ids.length, columns].
   * Throws `network`, `model-truncated`, `model-altered`, `server-busy` or `aborted`; `RangeError` for ids that the table does not have.
   */
  async rows(ids: readonly number[], signal?: AbortSignal): Promise<Uint8Array<ArrayBuffer>> {
    const { rows, offset, url, path } = this.table;
    const rowBytes = rowBytesOf(this.table);
    for (const id of ids)
      if (!Number.isInteger(id) || id < 0 || id >= rows) throw new RangeError(`There is no row ${id} of ${rows}.`);
    const missing = [...new Set(ids)].filter((id) => !this.#rows.has(id)).sort((one, other) => one - other);
    const parts: { first: number; last: number }[] = [];
    for (const id of missing) {
      const part = parts.at(-1);
      if (part && (id - part.last) * rowBytes <= NEAR_BYTES) part.last = id;
      else parts.push({ first: id, last: id });
    }
    const wanted = new Set(missing);
    const work = async (): Promise<void> => {
      for (let part = parts.shift(); part; part = parts.shift()) {
        const { first, last } = part;
        const bytes = (last + 1 - first) * rowBytes;
        const from = offset + first * rowBytes;
        const data = await getRange(url, path, from, from + bytes, { ...this.net, signal });
        if (data.length < bytes)
          throw new ModelError('model-truncated', { file: path, expectedBytes: bytes, receivedBytes: data.length });
        for (let id = first; id <= last; id++) {
          if (wanted.has(id)) this.#rows.set(id, data.slice((id - first) * rowBytes, (id + 1 - first) * rowBytes));
        }
      }
    };
    await Promise.all(Array.from({ length: PARALLEL }, work));
    const out = new Uint8Array(ids.length * rowBytes);
    ids.forEach((id, index) => {
      const row = this.#rows.get(id);
      if (row) out.set(row, index * rowBytes);
    });
    return out;
  }
}
