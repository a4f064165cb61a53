'use client';
import { createContext, useContext } from 'react';
import { useStore } from 'zustand';
import type { PaircompController } from './paircomp-controller';
import type { PaircompState, PaircompStore } from './paircomp-state';

export interface Paircomp {
  readonly store: PaircompStore;
  readonly controller: PaircompController;
}

export const PaircompContext = createContext<Paircomp | null>(null);

const useContextValue = (): Paircomp => {
  const value = useContext(PaircompContext);
  if (value === null) throw new Error('PairComp needs a PaircompContext above it.');
  return value;
};

export const usePaircompController = (): PaircompController => useContextValue().controller;

/** Subscribes to one part of the state; select primitives or stable objects. */
export const usePaircomp = <T>(selector: (state: PaircompState) => T): T => useStore(useContextValue().store, selector);
