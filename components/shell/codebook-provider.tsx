'use client';
import type { ReactNode } from 'react';
import { CodebookContext } from '@/components/token-grid/codebook';
import { modelFolder } from '@/lib/models';
import { useBench } from '@/lib/state';
import { useCatalogue, useCodebookFiles } from '@/lib/state/models';

/** Thumbnails and vectors of the model that drew what is on screen. */
export function CodebookProvider({ children }: { readonly children: ReactNode }) {
  const folder = useBench(({ frame }) => (frame === null ? undefined : modelFolder(frame)));
  const catalogue = useCatalogue().data;
  // Only bundled models come with thumbnails and vectors.
  const isBundled =
    folder !== undefined && catalogue !== undefined && [...catalogue.models, ...catalogue.archived].includes(folder);
  const codebook = useCodebookFiles(isBundled ? folder : undefined);
  return <CodebookContext value={codebook.data ?? null}>{children}</CodebookContext>;
}
