'use client';
import { useQuery } from '@tanstack/react-query';
import type { UseQueryResult } from '@tanstack/react-query';
import { useMemo } from 'react';
import {
  type Catalogue,
  isListed,
  type ModelCard,
  type ModelFiles,
  roleTitle,
  type TextVocabulary,
} from '@/lib/models';
import type { Vocabulary } from '@/lib/prompts';
import {
  type CodebookFiles,
  fetchCatalogue,
  openBundledModel,
  readCard,
  readCodebook,
  readText,
  readVocabulary,
} from './model-files';

/** A model's folder is named by its content, so what was fetched stays right. */
const forEver = { staleTime: Infinity, gcTime: Infinity } as const;

export const useCatalogue = (): UseQueryResult<Catalogue> =>
  useQuery({ queryKey: ['catalogue'], queryFn: ({ signal }) => fetchCatalogue(signal), ...forEver });

/** Whether of a model only what shows its pictures is kept: it cannot draw or replay any more. */
export const useIsArchived = (folder: string | undefined): boolean => {
  const catalogue = useCatalogue();
  return folder !== undefined && catalogue.data?.archived.includes(folder) === true;
};

/** The files of a bundled model; `data.manifest` says what it is. */
export const useModelFiles = (folder: string | undefined): UseQueryResult<ModelFiles> =>
  useQuery({
    queryKey: ['model', folder],
    queryFn: ({ signal }) => openBundledModel(folder ?? '', signal),
    enabled: folder !== undefined,
    ...forEver,
  });

/** What a bundled model beside the default is called; null for any other. */
export const useRoleTitle = (folder: string | undefined): string | null => {
  const catalogue = useCatalogue().data;
  return catalogue === undefined || folder === undefined ? null : roleTitle(catalogue, folder);
};

/** What a bundled model is called: by its role, or, for the default, by its manifest; undefined while that is not known. */
export const useModelTitle = (folder: string | undefined): string | undefined => {
  const title = useModelFiles(folder).data?.manifest.title;
  return useRoleTitle(folder) ?? title;
};

/** Whether a folder is here, if only to show pictures: others are not asked for. Undefined while that is not known. */
export const useIsListed = (folder: string | undefined): boolean | undefined => {
  const catalogue = useCatalogue().data;
  return catalogue === undefined || folder === undefined ? undefined : isListed(catalogue, folder);
};

/** What a bundled model is called among several: the default, too, by its role where it has one. */
export const useNameAmongModels = (folder: string): string => {
  const catalogue = useCatalogue().data;
  const title = useModelFiles(useIsListed(folder) === true ? folder : undefined).data?.manifest.title;
  return (catalogue === undefined ? null : roleTitle(catalogue, folder, { evenDefault: true })) ?? title ?? folder;
};

const useFile = <T>(
  name: string,
  folder: string | undefined,
  read: (model: ModelFiles, signal: AbortSignal) => Promise<T>,
  enabled = true,
): UseQueryResult<T> => {
  const model = useModelFiles(folder);
  return useQuery({
    queryKey: [name, folder],
    queryFn: ({ signal }) => {
      if (model.data === undefined) throw new Error('Asked for a file of a model that is not open.');
      return read(model.data, signal);
    },
    enabled: enabled && model.data !== undefined,
    ...forEver,
  });
};

export const useTextVocabulary = (folder: string | undefined): UseQueryResult<TextVocabulary> =>
  useFile('text', folder, readText);

export const useVocabulary = (folder: string | undefined): UseQueryResult<Vocabulary> =>
  useFile('vocabulary', folder, readVocabulary);

export const useModelCard = (folder: string | undefined): UseQueryResult<ModelCard> =>
  useFile('card', folder, readCard);

/** The codebook of a model whose folder is here; null for any other, and while it is not fetched. `hash` tells codebooks apart. */
export const useBundledCodebook = (folder: string): (CodebookFiles & { readonly hash: string }) | null => {
  const isHere = useIsListed(folder) === true;
  const hash = useModelFiles(isHere ? folder : undefined).data?.manifest.files.centroids.sha256;
  const { data } = useCodebookFiles(isHere ? folder : undefined);
  return useMemo(() => (data === undefined || hash === undefined ? null : { ...data, hash }), [data, hash]);
};

export const useCodebookFiles = (folder: string | undefined): UseQueryResult<CodebookFiles> =>
  useFile('codebook', folder, readCodebook);
