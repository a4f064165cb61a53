'use client';
import { createContext, useContext } from 'react';
import type { CodebookVectors } from '@/lib/measures';

/** What the codes of the model on screen look like. */
export interface Codebook {
  /** One patch for each code: `patchOrigin`. */
  readonly patches: ImageBitmap;
  /** Tells codes that look alike from a real change; null when only the patches are here. */
  readonly vectors: CodebookVectors | null;
}

/** Null while the model's codebook is not here; everything works without, with less to see. */
export const CodebookContext = createContext<Codebook | null>(null);

export const useCodebook = (): Codebook | null => useContext(CodebookContext);
