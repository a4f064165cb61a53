'use client';
import { useEffect } from 'react';
import { useCatalogue, useModelFiles } from '@/lib/state/model-queries';
import { useController } from '@/lib/state/session-context';

/** Tells the session the model's own settings as soon as its manifest is here. */
export function ModelDefaults() {
  const controller = useController();
  const model = useModelFiles(useCatalogue().data?.default);
  const defaults = model.data?.manifest.defaults;
  useEffect(() => {
    if (defaults !== undefined) controller.setDefaults({ ...defaults, seed: 1, greedy: false });
  }, [controller, defaults]);
  return null;
}
