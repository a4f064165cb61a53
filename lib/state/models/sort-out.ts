import { ModelError } from '@/lib/domain';
import { type Device, janusNeedsOf, type Needs, needsOf } from '@/lib/engine';
import {
  assertNoPointers,
  chooseHubFiles,
  chooseUnderstandingFiles,
  type ChosenGraph,
  type FolderFile,
  graphsWithData,
  isHubFolder,
  likelyPictureTokens,
  needsShaderF16,
  parseDrawingManifest,
  parseHubConfig,
  parseModelJson,
  withExternalData,
} from '@/lib/models';
import * as z from '@/lib/schema';

/** All of one small file of a folder. Throws ModelError. */
export type ReadFile = (path: string) => Promise<Uint8Array>;

/** What of a folder is needed to draw, and what that takes. */
export interface Sorted {
  readonly files: readonly FolderFile[];
  /** Further files with which the model answers questions about pictures. */
  readonly understanding: readonly FolderFile[];
  /** Null for models whose needs are not known from their lists. */
  readonly needs: Needs | null;
  /** What of this device the model uses. */
  readonly device: Device;
  readonly janus: boolean;
  /** The graph with the table of text embeddings. */
  readonly text: ChosenGraph | null;
}

const manifestSchema = z.object({ layout: z.string() });

/**
 * Sorts out a folder by the list of its files and by its small ones, before anything large is read. Throws ModelError, naming the file, where the folder holds no
 * whole model that can be drawn with: one of other programs, pointers of git-lfs, parts that are missing.
 */
export async function sortOut(files: readonly FolderFile[], readFile: ReadFile, device: Device): Promise<Sorted> {
  const read = once(readFile);
  const json = files.some(({ path }) => path === 'manifest.json') ? await read('manifest.json') : null;
  const { layout } = json ? parseModelJson(json, 'manifest.json', manifestSchema) : { layout: 'hub' };
  return json && layout !== 'hub' ? sortOutFused(json, files, read, device) : sortOutHub(files, read, device);
}

/** Reads each file once: reading may be a request. */
function once(read: ReadFile): ReadFile {
  const known = new Map<string, Promise<Uint8Array>>();
  return (path) => {
    const reading = known.get(path) ?? read(path);
    known.set(path, reading);
    return reading;
  };
}

async function sortOutFused(
  json: Uint8Array,
  files: readonly FolderFile[],
  read: ReadFile,
  device: Device,
): Promise<Sorted> {
  const manifest = parseDrawingManifest(json);
  const listed = Object.values(manifest.files).filter((file) => file !== undefined);
  await assertComplete(listed, files, read);
  const sorted = { files, understanding: [], needs: null, device, janus: false, text: null };
  if (manifest.layout === 'fused') return sorted;
  const wanted = new Set(['manifest.json', ...listed.map(({ path }) => path)]);
  // The folder has a graph for the processor as well, which computes in 32 bits.
  const webgpu = device.webgpu && (device.shaderF16 || !needsShaderF16(manifest));
  return {
    ...sorted,
    files: files.filter(({ path }) => wanted.has(path)),
    needs: janusNeedsOf(manifest, webgpu),
    device: { ...device, webgpu },
    janus: manifest.licences.some(({ licence }) => /deepseek/i.test(licence)),
  };
}

/** Throws where one of the files of a manifest is not there, or not whole. */
async function assertComplete(
  listed: readonly FolderFile[],
  files: readonly FolderFile[],
  read: ReadFile,
): Promise<void> {
  for (const { path, bytes } of listed) {
    const found = files.find((file) => file.path === path);
    if (!found) throw new ModelError('model-missing', { file: path });
    if (found.bytes >= bytes) continue;
    await assertNoPointers([found], read);
    throw new ModelError('model-truncated', { file: path, expectedBytes: bytes, receivedBytes: found.bytes });
  }
}

async function sortOutHub(files: readonly FolderFile[], read: ReadFile, device: Device): Promise<Sorted> {
  const paths = files.map(({ path }) => path);
  if (!isHubFolder(paths)) throw new ModelError('model-missing', { file: 'config.json' });
  // Of another model's folder, that is said first; names alone tell the rest.
  const config = paths.includes('config.json') ? parseHubConfig(await read('config.json')) : null;
  const chosen = chooseHubFiles(files, device);
  if (config === null) throw new ModelError('model-missing', { file: 'config.json' });
  await assertNoPointers(chosen.files, read);
  const choice = await withExternalData(chosen, files, read);
  await assertNoPointers(choice.files, read);
  const tokens = await likelyPictureTokens(choice, read);
  const manifest = files.filter(({ path }) => path === 'manifest.json');
  const drawing = [...manifest, ...choice.files];
  const answering = await graphsWithData<string>(chooseUnderstandingFiles(files) ?? {}, files, read);
  const wanted = new Set(Object.values(answering).flatMap(({ path, data }) => [path, ...data]));
  return {
    files: drawing,
    understanding: files.filter((file) => wanted.has(file.path) && !drawing.includes(file)),
    needs: needsOf(choice, config, tokens),
    device,
    janus: true,
    text: choice.graphs.text,
  };
}
