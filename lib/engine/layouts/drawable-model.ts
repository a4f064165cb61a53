import type { Pair } from '@/lib/domain';
import type { FileSource, FileStore, RowTable, TextByRows } from '@/lib/models';
import type { DecodeBackend } from '../decode/backend';
import type { LanePlan } from '../decode/lanes';
import type { DecodePlan } from '../decode/plan';
import type { EngineInfo } from '../interface/engine';
import type { ProgressSum } from '../interface/progress';

/** Rows of text embeddings that somebody has to fetch for a model. */
export interface ModelRows {
  readonly table: RowTable;
  /** Those that a drawing of the prompts takes and that are not there yet; prompts that cannot be drawn take none. */
  missing(prompts: Pair<string>): readonly number[];
  /** `data` are the rows with these ids, one after another, as stored. */
  take(ids: readonly number[], data: Uint8Array): void;
}

/** A model in memory, whichever layout its files have. */
export interface DrawableModel extends Pick<DecodeBackend, 'start' | 'release'> {
  readonly info: Omit<EngineInfo, 'loadMs'>;
  /**
   * What stands before the image in every lane. Throws `empty-prompt` for a prompt without words, `prompt-too-long` where
   * a model does not cut prompts off, and `limits-too-small` where the GPU has no room for so many tokens.
   */
  prefixes(prompts: Pair<string>, lanes: LanePlan): DecodePlan['prefixes'];
  /** Reads prompts as text, where foreign patterns decide how. Throws as `prefixes` does. */
  readonly readText?: (prompts: Pair<string>) => void;
  /** Where text embeddings are fetched row by row. */
  readonly rows?: ModelRows;
}

/** What loading a model has to do with. */
export interface LoadContext {
  readonly source: FileSource;
  readonly store: FileStore | undefined;
  readonly signal: AbortSignal;
  readonly progress: ProgressSum;
  readonly onNotStored: (() => void) | undefined;
  readonly text: TextByRows | undefined;
  /** Does work with a tokenizer, which may not end. */
  readonly withTokenizer: <T>(work: () => T) => T;
}
