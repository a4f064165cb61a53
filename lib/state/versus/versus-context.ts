'use client';
import { createContext, useContext } from 'react';
import { useStore } from 'zustand';
import type { PairWorkshop } from './pair-workshop';
import type { Versus, VersusState } from './versus';

export interface VersusValue {
  readonly versus: Versus;
  readonly workshop: PairWorkshop;
}

export const VersusContext = createContext<VersusValue | null>(null);

const useContextValue = (): VersusValue => {
  const value = useContext(VersusContext);
  if (value === null) throw new Error('Model against model needs a VersusContext above it.');
  return value;
};

export const useVersus = (): Versus => useContextValue().versus;

export const useWorkshop = (): PairWorkshop => useContextValue().workshop;

/** Subscribes to one part of the state; select primitives or stable objects. */
export const useVersusState = <T>(selector: (state: VersusState) => T): T =>
  useStore(useContextValue().versus.store, selector);
