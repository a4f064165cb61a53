'use client';
import { useQuery } from '@tanstack/react-query';
import type { UseQueryResult } from '@tanstack/react-query';
import type { Manifest } from '../models/manifest';
import type { TextVocabulary } from '../models/text';
import { fetchCodebook, fetchManifest, fetchModelIndex, fetchTextVocabulary, fetchVocabularyLists } from './model-files';
import type { CodebookFiles, ModelIndex, VocabularyLists } from './model-files';

/** A model's folder is named by its content, so what was fetched stays right. */
const forEver = { staleTime: Infinity, gcTime: Infinity } as const;

export const useModelIndex = (): UseQueryResult<ModelIndex> =>
  useQuery({ queryKey: ['model-index'], queryFn: ({ signal }) => fetchModelIndex(signal), ...forEver });

export const useManifest = (folder: string | undefined): UseQueryResult<Manifest> =>
  useQuery({
    queryKey: ['manifest', folder],
    queryFn: ({ signal }) => fetchManifest(folder ?? '', signal),
    enabled: folder !== undefined,
    ...forEver,
  });

/** Fetches one of a model's files once its manifest is here. */
const useModelFile = <T>(
  name: string,
  folder: string | undefined,
  read: (folder: string, manifest: Manifest, signal: AbortSignal) => Promise<T>,
  enabled = true,
): UseQueryResult<T> => {
  const manifest = useManifest(folder);
  return useQuery({
    queryKey: [name, folder],
    queryFn: ({ signal }) => {
      if (folder === undefined || manifest.data === undefined) throw new Error('Asked for a file of no model.');
      return read(folder, manifest.data, signal);
    },
    enabled: enabled && manifest.data !== undefined,
    ...forEver,
  });
};

export const useTextVocabulary = (folder: string | undefined): UseQueryResult<TextVocabulary> =>
  useModelFile('text', folder, fetchTextVocabulary);

export const useVocabularyLists = (folder: string | undefined, enabled: boolean): UseQueryResult<VocabularyLists> =>
  useModelFile('vocabulary', folder, fetchVocabularyLists, enabled);

export const useCodebookFiles = (folder: string | undefined): UseQueryResult<CodebookFiles> =>
  useModelFile('codebook', folder, fetchCodebook);
