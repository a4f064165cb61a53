'use client';
import { createContext, useContext } from 'react';
import { useStore } from 'zustand';
import { folderOfChoice } from '../models';
import type { LibraryState, ModelLibrary } from './model-library';
import { useCatalogue } from './model-queries';

export const LibraryContext = createContext<ModelLibrary | null>(null);

export const useLibrary = (): ModelLibrary => {
  const library = useContext(LibraryContext);
  if (library === null) throw new Error('The model library needs a LibraryContext above it.');
  return library;
};

/** Subscribes to one part of the library; select primitives or stable objects. */
export const useLibraryState = <T>(selector: (state: LibraryState) => T): T => useStore(useLibrary().store, selector);

/** The bundled model's folder as long as it is the one that draws: its vocabulary and settings are no other model's. */
export const useBundledFolder = (): string | undefined => {
  const catalogue = useCatalogue().data;
  const choice = useLibraryState(({ chosen, bundled }) => (chosen === null ? bundled : null));
  return catalogue === undefined || choice === null ? undefined : folderOfChoice(catalogue, choice);
};
