import { throwModelErrorIfAborted } from '@/lib/domain';
import { judgeFor } from '@/lib/judge';
import type { CodebookVectors } from '@/lib/measures';
import {
  BrowserFileStore,
  type Catalogue,
  type JudgeFiles,
  type ModelCard,
  type ModelFiles,
  type ModelLocation,
  openJudge,
  openModel,
  parseCatalogue,
  parseModelCard,
  parseTextVocabulary,
  requireListed,
  type TextVocabulary,
  UrlSource,
} from '@/lib/models';
import { parseVocabulary, type Vocabulary } from '@/lib/prompts';
import { readPatchVectors } from '@/lib/state/codebook';
import { publicPath } from '@/lib/state/page';

/** Absolute, because workers have a base of their own. */
const absolute = (path: string): string => new URL(publicPath(path), window.location.href).href;

/** Where a folder of this site is that the catalogue names. */
export const locateModel = (folder: string): ModelLocation => ({ kind: 'url', url: absolute(`models/${folder}/`) });

const CATALOGUE_BYTES = 64 * 1024;

let catalogue: Promise<Catalogue> | null = null;

const readCatalogue = async (): Promise<Catalogue> => {
  try {
    const bytes = await new UrlSource(absolute('models/')).read('index.json', { maxBytes: CATALOGUE_BYTES });
    return parseCatalogue(new TextDecoder().decode(bytes));
  } catch (error) {
    catalogue = null;
    throw error;
  }
};

/** `public/models/index.json`: which model draws, and which are here. Once fetched it is known, with or without a network. */
export const fetchCatalogue = async (signal?: AbortSignal): Promise<Catalogue> => {
  // No caller's signal ends a fetch that others wait for.
  const known = await (catalogue ??= readCatalogue());
  throwModelErrorIfAborted(signal);
  return known;
};

/** Where the files of a bundled model are. A link may name any model: only those of the catalogue are asked for. */
export const locateBundled = async (folder: string, signal?: AbortSignal): Promise<ModelLocation> => {
  requireListed(await fetchCatalogue(signal), folder);
  return locateModel(folder);
};

/** A bundled model's manifest and, verified, its files. */
export const openBundledModel = (folder: string, signal?: AbortSignal): Promise<ModelFiles> =>
  openModel(new UrlSource(absolute(`models/${folder}/`)), { store: new BrowserFileStore(), signal });

/** A bundled judge's manifest; its files are read where it works. */
export const openBundledJudge = (folder: string, signal?: AbortSignal): Promise<JudgeFiles> =>
  openJudge(new UrlSource(absolute(`models/${folder}/`)), { store: new BrowserFileStore(), signal });

/** The bundled judge that reads a codebook, by the SHA-256 of its centroids; null where there is none. */
export const findJudge = async (
  centroidsSha256: string,
  signal?: AbortSignal,
): Promise<{ readonly folder: string; readonly title: string } | null> => {
  const { judges } = await fetchCatalogue(signal);
  const opened = await Promise.all(
    judges.map(async (folder) => ({ folder, manifest: (await openBundledJudge(folder, signal)).manifest })),
  );
  const found = judgeFor(centroidsSha256, opened);
  return found && { folder: found.folder, title: found.manifest.title };
};

export const readText = async (model: ModelFiles, signal?: AbortSignal): Promise<TextVocabulary> =>
  parseTextVocabulary(await model.read('text', { signal }));

export const readVocabulary = async (model: ModelFiles, signal?: AbortSignal): Promise<Vocabulary> =>
  parseVocabulary(await model.read('vocabulary', { signal }));

export const readCard = async (model: ModelFiles, signal?: AbortSignal): Promise<ModelCard> =>
  parseModelCard(await model.read('card', { signal }));

export interface CodebookFiles {
  /** An atlas with one patch for each code. */
  readonly patches: ImageBitmap;
  readonly vectors: CodebookVectors;
}

export const readCodebook = async (model: ModelFiles, signal?: AbortSignal): Promise<CodebookFiles> => {
  const picture = await model.read('codebook', { signal });
  const { codes, nearCodeDistance } = model.manifest;
  const [patches, vectors] = await Promise.all([
    createImageBitmap(new Blob([picture], { type: 'image/png' })),
    // Decoded once more: what a canvas gives back may be altered, against fingerprinting.
    readPatchVectors({ png: picture, codes }),
  ]);
  return { patches, vectors: { ...vectors, nearDistance: nearCodeDistance } };
};
