import { readFileSync } from 'node:fs';
import type { Pair, SamplingSettings, StepEvent } from '@/lib/domain';

export const PROMPTS: Pair<string> = {
  a: 'a red apple to the left of a blue cup',
  b: 'a blue apple to the left of a red cup',
};

export const SETTINGS: SamplingSettings = {
  seed: 7,
  coupling: 'coupled',
  guidanceWeight: 3,
  temperature: 1,
  topK: 0,
  topP: 1,
  plausibility: 0.1,
  greedy: false,
};

export interface GoldenCase {
  readonly prompts: Pair<string>;
  readonly settings: SamplingSettings;
  readonly crossLanes: boolean;
  readonly forced: Pair<number[]> | null;
  readonly tokens: Pair<number[]>;
  /** One row a step: the numbers of side A, then of side B, in the order of the model layout; null for NaN. */
  readonly stats: readonly (readonly (number | null)[])[];
}

/** What PyTorch draws with the tiny model. */
export const golden = JSON.parse(readFileSync(new URL('../testdata/tiny-golden.json', import.meta.url), 'utf8')) as {
  readonly modelHash: string;
  readonly cases: readonly GoldenCase[];
};

export async function collect(events: AsyncIterable<StepEvent>): Promise<StepEvent[]> {
  const all: StepEvent[] = [];
  for await (const event of events) all.push(event);
  return all;
}

export const tokensOf = (events: readonly StepEvent[]): Pair<number[]> => ({
  a: events.map(({ sides }) => sides.a.token),
  b: events.map(({ sides }) => sides.b.token),
});
