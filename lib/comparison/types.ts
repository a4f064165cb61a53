import type { Grid, Pair, Provenance, SamplingSettings } from '@/lib/domain';
import type { Trace } from './trace';

/** Which model drew: a bundled model by name and content hash, or a hub model by id and revision. */
export interface ModelReference {
  readonly name: string;
  /** First 16 hex digits of the SHA-256 of the model's manifest. */
  readonly hash: string;
}

/** The thing that is shared: prompts, settings, tokens of both sides, provenance; with its trace. */
export interface Comparison {
  readonly model: ModelReference;
  readonly prompts: Pair<string>;
  readonly settings: SamplingSettings;
  readonly grid: Grid;
  /** Size of the codebook; every token is below it. */
  readonly codes: number;
  readonly tokens: Pair<Int32Array>;
  readonly trace: Trace;
  readonly provenance: Provenance;
}
