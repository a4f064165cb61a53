import type { Pair, SamplingSettings } from '@/lib/domain';
import type { FileSource, FileStore, RowTable, TextByRows } from '@/lib/models';
import type { DecodeRun } from '../decode/backend';
import type { LanePlan } from '../decode/lanes';
import type { EngineInfo } from '../interface/engine';
import type { ProgressSum } from '../interface/progress';

/** A checked request, laid out in lanes. */
export interface Drawing {
  readonly prompts: Pair<string>;
  readonly lanes: LanePlan;
  readonly settings: SamplingSettings;
  readonly forced: Pair<Int32Array> | undefined;
}

/** Rows of text embeddings that somebody has to fetch for a model. */
export interface ModelRows {
  readonly table: RowTable;
  /** Those that a drawing of the prompts takes and that are not there yet; prompts that cannot be drawn take none. */
  missing(prompts: Pair<string>): readonly number[];
  /** `data` are the rows with these ids, one after another, as stored. */
  take(ids: readonly number[], data: Uint8Array): void;
}

/** A model in memory, whichever layout its files have. */
export interface DrawableModel {
  readonly info: Omit<EngineInfo, 'loadMs'>;
  /**
   * Reads the prompts and gives what begins the drawing; one drawing at a time.
   * Throws `empty-prompt` for a prompt without words, and `prompt-too-long` where a model does not cut prompts off.
   */
  prepare(drawing: Drawing): () => DecodeRun;
  /** Where text embeddings are fetched row by row. */
  readonly rows?: ModelRows;
  release(): Promise<void>;
}

/** What loading a model has to do with. */
export interface LoadContext {
  readonly source: FileSource;
  readonly store: FileStore | undefined;
  readonly signal: AbortSignal;
  readonly progress: ProgressSum;
  readonly onNotStored: (() => void) | undefined;
  readonly text: TextByRows | undefined;
}
