'use client';
import { useSyncExternalStore } from 'react';

const never = () => () => undefined;
const isMac = (): boolean => /mac|iphone|ipad/i.test(navigator.platform);

/** The name of the key that goes with shortcuts: ⌘ on a Mac, Ctrl elsewhere. */
export const useCommandKey = (): string =>
  useSyncExternalStore(
    never,
    () => (isMac() ? '⌘' : 'Ctrl '),
    () => 'Ctrl ',
  );
