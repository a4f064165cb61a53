'use client';
import { useEffect, useRef, useState } from 'react';
import { useBenchStore } from '@/lib/state';
import type { BenchStoreState } from '@/lib/state/bench';

const SETTLE_MS = 250;

/**
 * A primitive computed from the bench, at most four times a second: for figures that change with every
 * token but need not be rendered with every token. The last value always arrives.
 */
export const useSettled = <T extends string | number | boolean | null>(select: (state: BenchStoreState) => T): T => {
  const store = useBenchStore();
  const [value, setValue] = useState(() => select(store.getState()));
  const latest = useRef(select);
  useEffect(() => {
    latest.current = select;
    setValue(select(store.getState()));
  }, [store, select]);
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | null = null;
    const unsubscribe = store.subscribe(() => {
      timer ??= setTimeout(() => {
        timer = null;
        setValue(latest.current(store.getState()));
      }, SETTLE_MS);
    });
    return () => {
      unsubscribe();
      if (timer !== null) clearTimeout(timer);
    };
  }, [store]);
  return value;
};
