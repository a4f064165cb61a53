import type { Pair, SamplingSettings, Side } from '@/lib/domain';
import type { BenchStore } from './bench-types';
import type { Notices } from './notices';
import type { SessionStore } from './session-store';
import { draftOf, parseDraft, sameSettings, stepSetting, type TypedSetting } from './settings-text';
import type { Undo } from './undo';

/** What a draw is made from. */
export interface Inputs {
  readonly prompts: Pair<string>;
  readonly settings: SamplingSettings;
}

export const sameInputs = (one: Inputs, other: Inputs): boolean =>
  one.prompts.a === other.prompts.a && one.prompts.b === other.prompts.b && sameSettings(one.settings, other.settings);

/** What is typed: prompts and settings. */
export interface TypedInputs {
  /** What is typed, as a draw takes it; null, with a notice, where a setting cannot be used. */
  readonly read: () => Inputs | null;
  /** Types the inputs of an earlier draw. */
  readonly write: (inputs: Inputs) => void;
  readonly setPrompt: (side: Side, text: string) => void;
  readonly swapPrompts: () => void;
  readonly copyPrompt: (from: Side) => void;
  readonly setTyped: (setting: TypedSetting, text: string) => void;
  readonly stepTyped: (setting: TypedSetting, direction: 1 | -1) => void;
  readonly setCoupling: (coupling: SamplingSettings['coupling']) => void;
  readonly setGreedy: (greedy: boolean) => void;
  readonly rollSeed: () => void;
  /** Sampling settings as the model's manifest has them; the seed stays. */
  readonly resetSettings: () => void;
  /** Defaults of the model, once they are known. */
  readonly setDefaults: (defaults: SamplingSettings) => void;
}

/** Small seeds are easy to say aloud and to type. */
const ROLLED_SEEDS = 10_000;

export const createTypedInputs = (
  bench: BenchStore,
  session: SessionStore,
  undo: Undo,
  { notify, announce }: Pick<Notices, 'notify' | 'announce'>,
): TypedInputs => {
  let defaults: SamplingSettings | null = null;

  const write = ({ prompts, settings }: Inputs): void => session.setState({ prompts, settings: draftOf(settings) });

  const setTyped = (setting: TypedSetting, text: string): void =>
    session.setState(({ settings }) => ({ settings: { ...settings, typed: { ...settings.typed, [setting]: text } } }));

  const resetSettings = (): void => {
    const { settings } = session.getState();
    const from = defaults ?? session.getState().model.info?.defaults ?? bench.getState().frame?.settings;
    if (from === undefined) return;
    const draft = draftOf(from);
    const seed =
      parseDraft({ ...draft, typed: { ...draft.typed, seed: settings.typed.seed } }).settings === null
        ? draft.typed.seed
        : settings.typed.seed;
    session.setState({ settings: { ...draft, typed: { ...draft.typed, seed } } });
    announce('Settings are the model’s own again.');
  };

  return {
    read() {
      const { prompts, settings } = session.getState();
      const parsed = parseDraft(settings);
      if (parsed.settings !== null) return { prompts, settings: parsed.settings };
      const text = Object.values(parsed.problems)[0] ?? 'A setting cannot be used.';
      notify({ tone: 'error', text, action: { label: 'Reset the settings', run: resetSettings } });
      announce(text);
      return null;
    },
    write,
    setPrompt: (side, text) => session.setState(({ prompts }) => ({ prompts: { ...prompts, [side]: text } })),
    swapPrompts: () => session.setState(({ prompts: { a, b } }) => ({ prompts: { a: b, b: a } })),
    copyPrompt(from) {
      undo.remember('Copy');
      session.setState(({ prompts }) => ({ prompts: { a: prompts[from], b: prompts[from] } }));
    },
    setTyped,
    stepTyped: (setting, direction) =>
      setTyped(setting, stepSetting(setting, session.getState().settings.typed[setting], direction)),
    setCoupling: (coupling) => session.setState(({ settings }) => ({ settings: { ...settings, coupling } })),
    setGreedy: (greedy) => session.setState(({ settings }) => ({ settings: { ...settings, greedy } })),
    rollSeed: () => setTyped('seed', String(Math.floor(Math.random() * ROLLED_SEEDS))),
    resetSettings,
    setDefaults(next) {
      defaults = next;
      const { prompts } = session.getState();
      // Nothing is on screen and nothing is typed: start from the model's own settings.
      if (bench.getState().frame === null && prompts.a === '' && prompts.b === '')
        session.setState({ settings: draftOf(next) });
    },
  };
};
