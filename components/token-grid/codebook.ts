'use client';
import { createContext, useContext } from 'react';
import type { CodebookVectors } from '@/lib/compare';

/** What the codes of the model on screen look like. */
export interface Codebook {
  /** One patch for each code, `CODEBOOK_COLUMNS` patches a row. */
  readonly patches: ImageBitmap;
  /** Tells codes that look alike from a real change; null when only the patches are here. */
  readonly vectors: CodebookVectors | null;
}

/** Side of a patch in the atlas, pixels. */
export const PATCH_SIZE = 8;
export const CODEBOOK_COLUMNS = 32;

/** Where a code's patch starts in the atlas, pixels. */
export const patchOrigin = (code: number): { readonly x: number; readonly y: number } => ({
  x: (code % CODEBOOK_COLUMNS) * PATCH_SIZE,
  y: Math.floor(code / CODEBOOK_COLUMNS) * PATCH_SIZE,
});

/** Null while the model's codebook is not here; everything works without, with less to see. */
export const CodebookContext = createContext<Codebook | null>(null);

export const useCodebook = (): Codebook | null => useContext(CodebookContext);
