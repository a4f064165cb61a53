'use client';
import { createContext, useContext } from 'react';
import { useStore } from 'zustand';
import type { BenchStore } from './bench-store';
import type { BenchActions, BenchStoreState } from './bench-types';

/** Provides the store of the bench on this page. */
export const BenchContext = createContext<BenchStore | null>(null);

/** The store itself, for canvases that read it on animation frames. */
export const useBenchStore = (): BenchStore => {
  const store = useContext(BenchContext);
  if (store === null) throw new Error('useBenchStore needs a BenchContext above it.');
  return store;
};

/** Subscribes to one part of the bench; select primitives or stable objects. */
export const useBench = <T>(selector: (state: BenchStoreState) => T): T => useStore(useBenchStore(), selector);

export const useBenchActions = (): BenchActions => useBench((state) => state.actions);
