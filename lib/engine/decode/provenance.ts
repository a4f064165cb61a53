import type { Provenance, SamplingSettings } from '@/lib/domain';
import type { EngineInfo } from '../interface/engine';
import { lanePlan } from './lanes';

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
