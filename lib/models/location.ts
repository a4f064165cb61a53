import type { KnownFile } from './blobs';
import type { TextByRows } from './row-table';

/**
 * Where a model's files come from. `files` are at hand, by their paths in the folder: chosen from disk, downloaded, or in this browser's
 * storage; they cross threads without being copied. Directories exist in Node only.
 */
export type ModelLocation =
  | { readonly kind: 'url'; readonly url: string }
  | {
      readonly kind: 'files';
      readonly name: string;
      readonly files: Readonly<Record<string, KnownFile>>;
      /** In place of the file with the text embeddings. */
      readonly text?: TextByRows;
    }
  | { readonly kind: 'directory'; readonly path: string };

/** The folder of a bundled model that a comparison names, e.g. `embedded@0123456789abcdef`. */
export const modelFolder = ({ model }: { readonly model: { readonly name: string; readonly hash: string } }): string =>
  `${model.name}@${model.hash}`;
