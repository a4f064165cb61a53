/** Side of a code's patch in the codebook's atlas, pixels. */
export const PATCH_SIZE = 8;
const COLUMNS = 32;

/** Where a code's patch starts in the atlas, pixels. */
export const patchOrigin = (code: number): { readonly x: number; readonly y: number } => ({
  x: (code % COLUMNS) * PATCH_SIZE,
  y: Math.floor(code / COLUMNS) * PATCH_SIZE,
});
