'use client';
import { createContext, useContext, useEffect } from 'react';
import { useStore } from 'zustand';
import type { Side } from '@/lib/domain';
import { folderOfChoice } from '@/lib/models';
import type {
  BenchActions,
  BenchController,
  BenchStore,
  BenchStoreState,
  SessionState,
  SessionStore,
} from '@/lib/state/bench';
import { type LibraryState, type ModelLibrary, useCatalogue } from '@/lib/state/models';
import type { PaircompController, PaircompState } from '@/lib/state/paircomp';
import type { PairDrawer, Versus, VersusState } from '@/lib/state/versus';
import { openBench, type Services } from './services';

/** The one context of the pages: everything that the composition root made. */
export const ServicesContext = createContext<Services | null>(null);

const useServices = (): Services => {
  const services = useContext(ServicesContext);
  if (services === null) throw new Error('This part of the page needs a ServicesContext above it.');
  return services;
};

// Hooks with a selector subscribe to one part of a store: select primitives or stable objects.

/** The store itself, for canvases that read it on animation frames. */
export const useBenchStore = (): BenchStore => useServices().bench;

/** A picture's address as the page was served with it, as long as that comparison is on screen, whole, and not decoded yet; else null. */
export const useServedPicture = (side: Side): string | null => {
  const { first } = useServices();
  const isShown = useBench(
    ({ frame, images, revealed, drawn }) =>
      frame !== null && frame === first?.frame && images[side] === null && revealed === drawn,
  );
  return isShown ? (first?.pictures[side] ?? null) : null;
};

/** Opens the bench at what its address says, for the screen that shows it. */
export const useOpenBench = (): void => {
  const services = useServices();
  useEffect(() => openBench(services), [services]);
};

export const useBench = <T>(selector: (state: BenchStoreState) => T): T => useStore(useBenchStore(), selector);

export const useBenchActions = (): BenchActions => useBench((state) => state.actions);

export const useController = (): BenchController => useServices().controller;

export const useSessionStore = (): SessionStore => useServices().session;

export const useSession = <T>(selector: (state: SessionState) => T): T => useStore(useSessionStore(), selector);

export const useLibrary = (): ModelLibrary => useServices().library;

export const useLibraryState = <T>(selector: (state: LibraryState) => T): T => useStore(useLibrary().store, selector);

/** The bundled model's folder as long as it is the one that draws: its vocabulary and settings are no other model's. */
export const useBundledFolder = (): string | undefined => {
  const catalogue = useCatalogue().data;
  const choice = useLibraryState(({ chosen, bundled }) => (chosen === null ? bundled : null));
  return catalogue === undefined || choice === null ? undefined : folderOfChoice(catalogue, choice);
};

export const usePaircompController = (): PaircompController => useServices().paircomp.controller;

export const usePaircomp = <T>(selector: (state: PaircompState) => T): T =>
  useStore(useServices().paircomp.store, selector);

/** Puts a recorded comparison on screen, for a press. */
export const useOpenExample = (): Services['openExample'] => useServices().openExample;

export const useVersus = (): Versus => useServices().versus;

export const usePairDrawer = (): PairDrawer => useServices().pairDrawer;

export const useVersusState = <T>(selector: (state: VersusState) => T): T => useStore(useVersus().store, selector);
