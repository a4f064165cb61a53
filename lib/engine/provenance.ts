import { lanePlan } from './lanes';
import type { EngineInfo, ExecutionProvider, SamplingSettings } from './types';

/** How the numbers came about. The adapter is there only if the author chose to tell it. */
export interface Provenance {
  readonly executionProvider: ExecutionProvider;
  readonly weightType: string;
  /** e.g. `onnxruntime-web 1.30.0` */
  readonly runtime: string;
  /** Lanes of the decoder's batch: two that draw, two more with guidance, and two more with cross scores. */
  readonly lanes: number;
  readonly adapter: string | null;
}

/** How a loaded engine draws with these settings; the adapter is left out, which its owner may tell on sharing. */
export const provenanceOf = (
  { executionProvider, weightType, textByRows, runtime }: EngineInfo,
  settings: SamplingSettings,
  crossLanes: boolean,
): Provenance => ({
  executionProvider,
  // Rows of text embeddings that were taken on their host's word are part of how the weights are stored.
  weightType: textByRows ? `${weightType}, text rows unverified` : weightType,
  runtime,
  lanes: lanePlan(settings, crossLanes).lanes.length,
  adapter: null,
});
