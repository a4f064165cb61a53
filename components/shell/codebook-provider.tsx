'use client';
import type { ReactNode } from 'react';
import { CodebookContext } from '@/components/token-grid/codebook';
import { modelFolder } from '@/lib/models';
import { useBench } from '@/lib/state';
import { useCodebookFiles, useIsListed } from '@/lib/state/models';

/** Thumbnails and vectors of the model that drew what is on screen. */
export function CodebookProvider({ children }: { readonly children: ReactNode }) {
  const folder = useBench(({ frame }) => (frame === null ? undefined : modelFolder(frame)));
  // Only bundled models come with thumbnails and vectors.
  const codebook = useCodebookFiles(useIsListed(folder) === true ? folder : undefined);
  return <CodebookContext value={codebook.data ?? null}>{children}</CodebookContext>;
}
