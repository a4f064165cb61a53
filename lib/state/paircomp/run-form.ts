import { PairCompError, type SamplingSettings } from '@/lib/domain';
import { choosePairs, protocolSettings } from '@/lib/paircomp';
import { parseDraft } from '@/lib/state/bench';
import type { PairsAtHand } from './pair-sources';
import type { RunForm } from './paircomp-state';

/** Pairs that a form asks for; null for all. @throws PairCompError */
const limitOf = ({ limit }: RunForm): number | null => {
  const text = limit.trim().toLowerCase();
  if (text === '' || text === 'all') return null;
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1)
    throw new PairCompError('The number of pairs must be a whole number from 1, or “all”.');
  return value;
};

const seedOf = ({ seed }: RunForm): number => {
  const value = Number(seed.trim() === '' ? NaN : seed);
  if (!Number.isInteger(value) || value < 0 || value > 0xffff_ffff)
    throw new PairCompError('The seed must be a whole number from 0 to 4294967295.');
  return value;
};

/** The settings as changed by hand; null for the model's own. */
const changedSettings = ({ settings }: RunForm): SamplingSettings | null => {
  if (settings === null) return null;
  const parsed = parseDraft(settings);
  if (parsed.settings === null)
    throw new PairCompError(Object.values(parsed.problems)[0] ?? 'A setting cannot be used.');
  return parsed.settings;
};

/** What a form comes to. */
export interface PlannedRun {
  /** Places in the pairs at hand of those that are drawn, in the order of drawing. */
  readonly chosen: readonly number[];
  /** The run's settings, by the model's own. */
  readonly settingsOf: (defaults: SamplingSettings) => SamplingSettings;
}

/** Reads a form; all that can be wrong with it is said before anything is drawn. @throws PairCompError */
export const planRun = ({ pairs }: PairsAtHand, form: RunForm): PlannedRun => {
  const chosen = choosePairs(pairs, { categories: form.categories, limit: limitOf(form) });
  if (chosen.length === 0) throw new PairCompError('No pair of the file is in these categories.');
  const seed = seedOf(form);
  const changed = changedSettings(form);
  const places = new Map(pairs.map(({ index }, place) => [index, place]));
  return {
    chosen: chosen.flatMap(({ index }) => places.get(index) ?? []),
    settingsOf: (defaults) => ({ ...(changed ?? protocolSettings(defaults)), seed }),
  };
};
