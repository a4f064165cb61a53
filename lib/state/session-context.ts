'use client';
import { createContext, useContext } from 'react';
import { useStore } from 'zustand';
import type { BenchController } from './bench-controller';
import type { SessionStore } from './session-store';
import type { SessionState } from './session-types';

export interface Session {
  readonly store: SessionStore;
  readonly controller: BenchController;
}

export const SessionContext = createContext<Session | null>(null);

const useSessionContext = (): Session => {
  const session = useContext(SessionContext);
  if (session === null) throw new Error('The bench’s session needs a SessionContext above it.');
  return session;
};

export const useController = (): BenchController => useSessionContext().controller;

export const useSessionStore = (): SessionStore => useSessionContext().store;

/** Subscribes to one part of the session; select primitives or stable objects. */
export const useSession = <T>(selector: (state: SessionState) => T): T => useStore(useSessionContext().store, selector);
