import type { TokenReader } from '@/lib/engine';
import type { Endpoint, PairCompJudge } from '@/lib/judge';
import type { ModelLocation } from '@/lib/models';
import type { WithEngine } from '@/lib/state/bench';
import type { PairsAtHand } from './pair-sources';
import type { RunArchive } from './run-archive';
import type { RunTabs } from './run-tabs';

/** The model that draws now, by what locates it. */
export interface CurrentModel {
  readonly folder: string;
  readonly title: string;
}

/** What runs need from around them. */
export interface PaircompPorts {
  readonly openStore: () => Promise<RunArchive>;
  readonly fetchBuiltIn: () => Promise<PairsAtHand>;
  /** Contacts the authors' host. */
  readonly fetchAuthors: () => Promise<PairsAtHand>;
  readonly currentModel: (signal: AbortSignal) => Promise<CurrentModel>;
  readonly withEngine: WithEngine;
  readonly createDecoder: () => TokenReader;
  readonly locate: (folder: string) => ModelLocation;
  /** The judge of a model's own pictures; null where there is none. */
  readonly ownJudge: (
    folder: string,
    decoder: Pick<TokenReader, 'judge'>,
    signal: AbortSignal,
  ) => Promise<PairCompJudge | null>;
  /** The understanding of the Janus that draws. @throws PairCompError where it is none, or has only the parts that draw */
  readonly janusJudge: (folder: string, title: string) => PairCompJudge;
  /** An endpoint of the person's as the judge. @throws PairCompError where its address cannot be used */
  readonly endpointJudge: (endpoint: Endpoint) => PairCompJudge;
  /** The endpoint that was to be remembered; null forgets it. */
  readonly readEndpoint: () => Endpoint | null;
  readonly writeEndpoint: (endpoint: Endpoint | null) => void;
  readonly tabs: RunTabs;
  readonly now: () => number;
  readonly newId: () => string;
}
