import type { patchVectors } from './patch-vectors';

export type Vectors = ReturnType<typeof patchVectors>;

export interface CodebookRequest {
  readonly png: Uint8Array<ArrayBuffer>;
  readonly codes: number;
}

/** The methods of the codebook's worker. */
export interface CodebookMethods {
  vectors: { request: CodebookRequest; notice: never; chunk: never; reply: Vectors };
}
