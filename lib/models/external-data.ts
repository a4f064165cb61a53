import { ModelError } from '@/lib/domain';
import { readGraphOutline } from '@/lib/onnx';
import type { ChosenGraph, FolderFile, HubChoice } from './hub-files';

/** A graph without its weights is shorter; longer ones are not read before a download. */
const PEEK_BYTES = 2 ** 20;

/** What programs and systems read in more than one way: another separator, a drive or scheme, encoded characters, ends of addresses, control characters. */
const UNCLEAR = /[\\:?#\u0000-\u001f\u007f]|%[0-9a-f]{2}/i;

/**
 * The path in the model's folder of weights that the graph at `graph` keeps at `location`, which is relative to the graph's own folder. Throws `model-outside` for
 * whatever leads out of the model's folder, even if it leads back, and for what could be read as doing so.
 */
export function externalPath(graph: string, location: string): string {
  const outside = () => new ModelError('model-outside', { file: graph, detail: location.slice(0, 100) });
  if (location.startsWith('/') || UNCLEAR.test(location)) throw outside();
  const parts = graph.split('/').slice(0, -1);
  const steps = location.split('/');
  if (['', '.', '..'].includes(steps.at(-1) ?? '')) throw outside();
  for (const step of steps) {
    if (step === '..' && parts.pop() === undefined) throw outside();
    if (!['', '.', '..'].includes(step)) parts.push(step);
  }
  return parts.join('/');
}

/** The graph with the files of weights that it names itself, where these are not beside it under its own name. */
async function withNamedData(
  graph: ChosenGraph,
  files: readonly FolderFile[],
  read: (path: string) => Promise<Uint8Array>,
): Promise<ChosenGraph> {
  const fileAt = (path: string): FolderFile => {
    const found = files.find((file) => file.path === path);
    if (!found) throw new ModelError('model-missing', { file: path });
    return found;
  };
  if (fileAt(graph.path).bytes > PEEK_BYTES) return graph;
  const { external } = readGraphOutline(await read(graph.path), graph.path);
  const named = Object.keys(external).map((location) => externalPath(graph.path, location));
  const further = [...new Set(named)].filter((path) => path !== graph.path && !graph.data.includes(path));
  return {
    ...graph,
    data: [...graph.data, ...further],
    bytes: further.reduce((sum, path) => sum + fileAt(path).bytes, graph.bytes),
  };
}

/** `graphs` with all of their files of weights. Throws as `withExternalData` does. */
export async function graphsWithData<K extends string>(
  graphs: Readonly<Record<K, ChosenGraph>>,
  files: readonly FolderFile[],
  read: (path: string) => Promise<Uint8Array>,
): Promise<Readonly<Record<K, ChosenGraph>>> {
  const entries: (readonly [string, ChosenGraph])[] = [];
  for (const [role, graph] of Object.entries<ChosenGraph>(graphs))
    entries.push([role, await withNamedData(graph, files, read)]);
  return Object.fromEntries(entries) as Record<K, ChosenGraph>;
}

/**
 * A choice that was made by names, with the weights that its graphs keep under other names, in any folder of the model. Reads those graphs that are short enough to be
 * without their weights. Throws `model-missing` for weights that are not among `files`, `model-outside` for weights outside the folder, and `model-damaged` or
 * `model-truncated` for what is no graph.
 */
export async function withExternalData(
  choice: HubChoice,
  files: readonly FolderFile[],
  read: (path: string) => Promise<Uint8Array>,
): Promise<HubChoice> {
  const graphs = await graphsWithData(choice.graphs, files, read);
  const wanted = new Set([...choice.texts, ...Object.values(graphs).flatMap(({ path, data }) => [path, ...data])]);
  const all = files.filter(({ path }) => wanted.has(path));
  return { ...choice, graphs, files: all, bytes: all.reduce((sum, { bytes }) => sum + bytes, 0) };
}
