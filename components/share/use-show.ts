'use client';
import { useCallback } from 'react';
import type { Shared } from '@/lib/comparison';
import { useController, useVersus } from '@/lib/state';
import type { Source } from '@/lib/state/bench';

/** Puts what was shared on screen: a comparison on the bench, model against model in its sheet over it. */
export const useShow = (): ((shared: Shared, source: Source) => void) => {
  const controller = useController();
  const versus = useVersus();
  return useCallback(
    (shared, source) => {
      if (shared.kind === 'comparison') controller.show(shared.comparison, source);
      else void versus.show(shared.sheet);
    },
    [controller, versus],
  );
};
