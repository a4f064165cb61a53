import {
  type Coupling,
  type NumericSetting,
  type SamplingSettings,
  SETTINGS_RANGES,
  shortestFloat32,
} from '@/lib/domain';

/** The settings that are typed as text. */
export type TypedSetting = NumericSetting;

/**
 * The settings as they stand in their fields. Text is kept as typed, so a value that cannot be used stays
 * where it is until somebody corrects it.
 */
export interface SettingsDraft {
  readonly typed: Readonly<Record<TypedSetting, string>>;
  readonly coupling: Coupling;
  readonly greedy: boolean;
}

export interface ParsedSettings {
  /** Null when some field cannot be used. */
  readonly settings: SamplingSettings | null;
  /** One sentence for each field that cannot be used. */
  readonly problems: Readonly<Partial<Record<TypedSetting, string>>>;
}

interface Rule {
  readonly label: string;
  readonly minimum: number;
  readonly maximum: number;
  readonly aboveMinimum?: boolean;
  readonly whole?: boolean;
  /** A word that stands for a number, and the number. */
  readonly word?: readonly [string, number];
  /** How far one press of an arrow key goes. */
  readonly step: number;
}

const ruleOf = (setting: NumericSetting) => {
  const { minimum, maximum, integer } = SETTINGS_RANGES[setting];
  return { minimum, maximum, whole: integer };
};

/** The size of the codebook is not known while somebody types, so top-k has a bound of its own here. */
const rules: Readonly<Record<TypedSetting, Rule>> = {
  seed: { ...ruleOf('seed'), label: 'The seed', step: 1 },
  guidanceWeight: { ...ruleOf('guidanceWeight'), label: 'Guidance', step: 0.5 },
  temperature: { ...ruleOf('temperature'), label: 'Temperature', step: 0.1 },
  topK: { ...ruleOf('topK'), maximum: 65_535, label: 'Top-k', word: ['all', 0], step: 1 },
  topP: { ...ruleOf('topP'), aboveMinimum: true, label: 'Top-p', word: ['all', 1], step: 0.05 },
  plausibility: { ...ruleOf('plausibility'), label: 'Plausibility', word: ['off', 0], step: 0.01 },
};

export const typedSettings = Object.keys(rules) as TypedSetting[];

/** The shortest text that gives the number back. */
const format = (setting: TypedSetting, value: number): string => {
  const { word } = rules[setting];
  return word !== undefined && word[1] === value ? word[0] : String(value);
};

const sentence = ({ label, minimum, maximum, aboveMinimum = false, whole = false, word }: Rule): string =>
  `${label} must be a ${whole ? 'whole ' : ''}number ${
    aboveMinimum ? `above ${minimum} and at most ${maximum}` : `from ${minimum} to ${maximum}`
  }${word === undefined ? '' : `, or “${word[0]}”`}.`;

const parseOne = (setting: TypedSetting, text: string): number | null => {
  const rule = rules[setting];
  const trimmed = text.trim().toLowerCase();
  if (rule.word !== undefined && trimmed === rule.word[0]) return rule.word[1];
  // A decimal comma is what half of the world types.
  const plain = trimmed.replace(',', '.');
  if (!/^[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d{1,3})?$/.test(plain)) return null;
  const value = Number(plain);
  if (!Number.isFinite(value) || value > rule.maximum || value < rule.minimum) return null;
  if (rule.aboveMinimum === true && value === rule.minimum) return null;
  if (rule.whole === true && !Number.isInteger(value)) return null;
  return value;
};

/** Settings as float32 where the graphs take float32: what is shown is what is used, and a link keeps it. */
const asUsed = (setting: TypedSetting, value: number): number =>
  rules[setting].whole === true ? value : Math.fround(value);

/** What a setting reads as: whole numbers exactly, the rest as short as float32 allows. */
const shown = (setting: TypedSetting, value: number): number =>
  rules[setting].whole === true ? value : shortestFloat32(value);

export const draftOf = (settings: SamplingSettings): SettingsDraft => ({
  typed: Object.fromEntries(
    typedSettings.map((setting) => [setting, format(setting, shown(setting, settings[setting]))]),
  ) as SettingsDraft['typed'],
  coupling: settings.coupling,
  greedy: settings.greedy,
});

export const parseDraft = (draft: SettingsDraft): ParsedSettings => {
  const problems: Partial<Record<TypedSetting, string>> = {};
  const values: Partial<Record<TypedSetting, number>> = {};
  for (const setting of typedSettings) {
    const value = parseOne(setting, draft.typed[setting]);
    if (value === null) problems[setting] = sentence(rules[setting]);
    else values[setting] = value;
  }
  if (Object.keys(problems).length > 0) return { settings: null, problems };
  return {
    settings: { ...(values as Record<TypedSetting, number>), coupling: draft.coupling, greedy: draft.greedy },
    problems,
  };
};

/** The text after one press of an arrow key in a field; unusable text stays as it is. */
export const stepSetting = (setting: TypedSetting, text: string, direction: 1 | -1): string => {
  const value = parseOne(setting, text);
  if (value === null) return text;
  const { step } = rules[setting];
  const next = Number((Math.round((value + direction * step) / step) * step).toFixed(6));
  const nextText = format(setting, next);
  return parseOne(setting, nextText) === null ? text : nextText;
};

/** Whether two settings draw the same: equal as the graphs receive them. */
export const sameSettings = (a: SamplingSettings, b: SamplingSettings): boolean =>
  a.coupling === b.coupling &&
  a.greedy === b.greedy &&
  typedSettings.every((setting) => asUsed(setting, a[setting]) === asUsed(setting, b[setting]));
