import { z } from 'zod';
import { ModelError } from '../models/errors';
import { parseManifest } from '../models/manifest';
import type { Manifest } from '../models/manifest';
import { parseTextVocabulary } from '../models/text';
import type { TextVocabulary } from '../models/text';
import type { ModelLocation } from '../engine';
import { publicPath } from './public-path';

const indexSchema = z.object({ default: z.string().regex(/^[\w.-]+@[0-9a-f]{16}$/), models: z.array(z.string()) });

export type ModelIndex = z.infer<typeof indexSchema>;

const fetchBytes = async (url: string, file: string, signal?: AbortSignal): Promise<Uint8Array<ArrayBuffer>> => {
  let response: Response;
  try {
    response = await fetch(url, signal === undefined ? {} : { signal });
  } catch (cause) {
    if (signal?.aborted === true) throw cause;
    throw new ModelError('network', { file }, { cause });
  }
  if (!response.ok) throw new ModelError('model-missing', { file });
  return new Uint8Array(await response.arrayBuffer());
};

/** `public/models/index.json`: which model draws, and which are here. */
export const fetchModelIndex = async (signal?: AbortSignal): Promise<ModelIndex> => {
  const bytes = await fetchBytes(publicPath('models/index.json'), 'models/index.json', signal);
  try {
    return indexSchema.parse(JSON.parse(new TextDecoder().decode(bytes)));
  } catch (cause) {
    throw new ModelError('model-damaged', { file: 'models/index.json', detail: 'it does not name a model' }, { cause });
  }
};

const filePath = (folder: string, file: string): string => publicPath(`models/${folder}/${file}`);

export const fetchManifest = async (folder: string, signal?: AbortSignal): Promise<Manifest> =>
  parseManifest(await fetchBytes(filePath(folder, 'manifest.json'), 'manifest.json', signal));

export const fetchTextVocabulary = async (folder: string, manifest: Manifest, signal?: AbortSignal): Promise<TextVocabulary> =>
  parseTextVocabulary(await fetchBytes(filePath(folder, manifest.files.text.path), manifest.files.text.path, signal));

/** The words of a model by kind, for people: lists of strings, under names. */
export type VocabularyLists = Readonly<Record<string, readonly string[]>>;

export const fetchVocabularyLists = async (folder: string, manifest: Manifest, signal?: AbortSignal): Promise<VocabularyLists> => {
  const { path } = manifest.files.vocabulary;
  const json: unknown = JSON.parse(new TextDecoder().decode(await fetchBytes(filePath(folder, path), path, signal)));
  const lists = z.record(z.string(), z.unknown()).parse(json);
  return Object.fromEntries(
    Object.entries(lists).flatMap(([name, value]) => {
      const words = z.array(z.string()).safeParse(value);
      return words.success ? [[name, words.data]] : [];
    }),
  );
};

/** Little-endian IEEE 754 binary16, as float32. */
const halfFloats = (bytes: Uint8Array): Float32Array => {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Float32Array.from({ length: bytes.byteLength >> 1 }, (_, i) => {
    const half = view.getUint16(2 * i, true);
    const exponent = (half >> 10) & 31;
    const fraction = half & 1023;
    const size = exponent === 0 ? fraction * 2 ** -24 : (1 + fraction / 1024) * 2 ** (exponent - 15);
    return half >> 15 ? -size : size;
  });
};

export interface CodebookFiles {
  /** An atlas with one patch for each code. */
  readonly patches: ImageBitmap;
  /** Whether two codes' vectors are nearer to each other than the manifest's distance. */
  readonly isNear: (code: number, other: number) => boolean;
}

export const fetchCodebook = async (folder: string, manifest: Manifest, signal?: AbortSignal): Promise<CodebookFiles> => {
  const { codebook, centroids } = manifest.files;
  const [picture, vectors] = await Promise.all([
    fetchBytes(filePath(folder, codebook.path), codebook.path, signal),
    fetchBytes(filePath(folder, centroids.path), centroids.path, signal),
  ]);
  const patches = await createImageBitmap(new Blob([picture], { type: 'image/png' }));
  const values = halfFloats(vectors);
  const width = Math.floor(values.length / manifest.codes);
  const limit = manifest.nearCodeDistance ** 2;
  return {
    patches,
    isNear(code, other) {
      let sum = 0;
      for (let i = 0; i < width; i++) sum += ((values[code * width + i] ?? 0) - (values[other * width + i] ?? 0)) ** 2;
      return sum < limit;
    },
  };
};

/** Where a worker finds a model: an absolute address, because a worker has a base of its own. */
export const locateModel = (folder: string): ModelLocation => ({
  kind: 'url',
  url: new URL(publicPath(`models/${folder}/`), window.location.href).href,
});
