import type { FileDigest } from './digest';
import type { FolderFile } from './hub-files';

/**
 * A table of text embeddings at its origin, of which single rows can be fetched. Plain data: it crosses threads.
 *
 * Whoever serves it can see which rows, and so which words, are asked for; and the rows cannot be checked, because digests are of whole
 * files. So it is used only when a person asks for it, and recorded with what is drawn.
 */
export interface RowTable {
  readonly path: string;
  readonly url: string;
  /** Of the first row, in the file. */
  readonly offset: number;
  readonly rows: number;
  readonly columns: number;
  readonly type: 'float32' | 'float16';
}

/** Text embeddings that are fetched row by row, in place of one of a folder's files. */
export interface TextByRows {
  /** The file that is not there: as a part of the folder, and of the model's identity. */
  readonly graph: FolderFile & { readonly digest: FileDigest };
  readonly table: RowTable;
}
