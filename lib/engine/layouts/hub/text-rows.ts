import type { RowTable } from '@/lib/models';

/** Rows of a table of text embeddings, as far as prompts needed them. */
export interface TextRows {
  readonly table: RowTable;
  /** As stored (little-endian), by their text ids. */
  readonly rows: Map<number, Uint8Array>;
}
