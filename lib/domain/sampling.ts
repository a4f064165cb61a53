/** `coupled`: both sides use the same noise. `independent`: each side has its own. */
export type Coupling = 'coupled' | 'independent';

export interface SamplingSettings {
  /** Unsigned 32-bit. */
  readonly seed: number;
  readonly coupling: Coupling;
  /** Classifier-free guidance weight w in u + w(c - u); 1 is the conditional distribution itself. */
  readonly guidanceWeight: number;
  /** Divides the guided logits; > 0. */
  readonly temperature: number;
  /** Keep the k largest; 0 keeps all. */
  readonly topK: number;
  /** Keep the smallest set of largest probabilities that sums to at least this; 1 keeps all. */
  readonly topP: number;
  /** Keep token t only if p_cond(t) >= plausibility * max p_cond (guidance-free); 0 is off. */
  readonly plausibility: number;
  /**
   * Take the most likely token instead of sampling. Temperature is then 1 and top-k and top-p are off;
   * the plausibility mask, being part of how guidance is applied, stays.
   */
  readonly greedy: boolean;
}

/** Inclusive ranges of the numeric settings; topP excludes its lower bound. topK also ends at the number of codes. */
export const SETTINGS_RANGES = {
  seed: { minimum: 0, maximum: 0xffffffff, integer: true },
  guidanceWeight: { minimum: 0, maximum: 30, integer: false },
  temperature: { minimum: 0.05, maximum: 5, integer: false },
  topK: { minimum: 0, maximum: 0xffffffff, integer: true },
  topP: { minimum: 0, maximum: 1, integer: false },
  plausibility: { minimum: 0, maximum: 1, integer: false },
} as const;

/** Settings within their ranges, for where any will do, such as guidance-free scores and checks of a part. */
export const NEUTRAL_SETTINGS: SamplingSettings = {
  seed: 0,
  coupling: 'coupled',
  guidanceWeight: 1,
  temperature: 1,
  topK: 0,
  topP: 1,
  plausibility: 0,
  greedy: true,
};

/** Settings that a page shows until the model's manifest or a comparison says better. */
export const FIRST_SETTINGS: SamplingSettings = { ...NEUTRAL_SETTINGS, seed: 1, guidanceWeight: 3, greedy: false };

export type NumericSetting = keyof typeof SETTINGS_RANGES;

const NAMES: Record<NumericSetting, string> = {
  seed: 'Seed',
  guidanceWeight: 'Guidance',
  temperature: 'Temperature',
  topK: 'Top-k',
  topP: 'Top-p',
  plausibility: 'Plausibility',
};

/** A sentence for each setting that is out of its range; empty when all are fine. */
export type SettingsProblems = Partial<Record<keyof SamplingSettings, string>>;

/** Checks settings against their ranges, and topK against the size of the codebook where that is known. */
export function checkSettings(settings: SamplingSettings, codes?: number): SettingsProblems {
  const problems: SettingsProblems = {};
  for (const key of Object.keys(SETTINGS_RANGES) as NumericSetting[]) {
    const { minimum, integer } = SETTINGS_RANGES[key];
    const maximum = key === 'topK' && codes !== undefined ? codes : SETTINGS_RANGES[key].maximum;
    const value: unknown = settings[key];
    const fits =
      typeof value === 'number' &&
      value >= minimum &&
      value <= maximum &&
      (!integer || Number.isInteger(value)) &&
      (key !== 'topP' || value > 0);
    if (fits) continue;
    const range = key === 'topP' ? 'above 0 and at most 1' : `from ${minimum} to ${maximum}`;
    const off = key === 'topK' ? ' (0 keeps all)' : key === 'plausibility' ? ' (0 is off)' : '';
    problems[key] = `${NAMES[key]} must be a ${integer ? 'whole ' : ''}number ${range}${off}.`;
  }
  if (settings.coupling !== 'coupled' && settings.coupling !== 'independent') {
    problems.coupling = 'Coupling must be coupled or independent.';
  }
  if (typeof settings.greedy !== 'boolean') problems.greedy = 'Greedy must be on or off.';
  return problems;
}
