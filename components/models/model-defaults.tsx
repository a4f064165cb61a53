'use client';
import { useEffect } from 'react';
import { useBundledFolder, useController, useLibraryState, useSession } from '@/lib/state';
import { useModelFiles } from '@/lib/state/models';

/** Tells the session the model's own settings as soon as they are known: from its manifest, or, without one, once it is loaded. */
export function ModelDefaults() {
  const controller = useController();
  const model = useModelFiles(useBundledFolder());
  const isChosen = useLibraryState((state) => state.chosen !== null);
  const loaded = useSession((state) => state.model.info?.defaults);
  const defaults = isChosen ? loaded : model.data?.manifest.defaults;
  useEffect(() => {
    if (defaults !== undefined) controller.setDefaults({ ...defaults, seed: 1, greedy: false });
  }, [controller, defaults]);
  return null;
}
