'use client';
import { useCallback, useEffect, useRef } from 'react';
import { useBenchStore } from '@/lib/state';
import type { BenchStoreState } from '@/lib/state/bench';
import { onThemeChange } from './canvas-theme';

/**
 * Calls `paint` on the next animation frame after anything that may change what it shows: the bench, the
 * theme, or a render of the calling component; at most once a frame. Returns a function that asks for one
 * more. This is how tokens reach the screen without passing through React.
 */
export const usePaint = (paint: (state: BenchStoreState) => void): (() => void) => {
  const store = useBenchStore();
  const latest = useRef(paint);
  const schedule = useRef<() => void>(() => undefined);

  useEffect(() => {
    latest.current = paint;
    schedule.current();
  });

  useEffect(() => {
    let handle = 0;
    const ask = () => {
      if (handle !== 0) return;
      handle = requestAnimationFrame(() => {
        handle = 0;
        latest.current(store.getState());
      });
    };
    schedule.current = ask;
    const unsubscribe = store.subscribe(ask);
    const stopTheme = onThemeChange(ask);
    ask();
    return () => {
      unsubscribe();
      stopTheme();
      cancelAnimationFrame(handle);
      schedule.current = () => undefined;
    };
  }, [store]);

  return useCallback(() => schedule.current(), []);
};
