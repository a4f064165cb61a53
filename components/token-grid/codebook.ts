'use client';
import { createContext, useContext } from 'react';

/** What the codes of the model on screen look like. */
export interface Codebook {
  /** One patch for each code, `CODEBOOK_COLUMNS` patches a row. */
  readonly patches: ImageBitmap;
  /** Whether two codes stand for nearly the same picture: their codebook vectors are close. */
  readonly isNear: (code: number, other: number) => boolean;
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
