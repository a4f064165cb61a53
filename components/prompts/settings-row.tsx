'use client';
import { Dices, SlidersHorizontal } from 'lucide-react';
import { useMemo } from 'react';
import { Button } from '@/components/ui/button';
import { Field } from '@/components/ui/field';
import { Popover } from '@/components/ui/popover';
import { Segmented } from '@/components/ui/segmented';
import type { Coupling } from '@/lib/domain';
import { useBundledFolder, useController, useSession } from '@/lib/state';
import { draftOf, parseDraft, type TypedSetting } from '@/lib/state/bench';
import { useModelFiles } from '@/lib/state/models';

const couplings: readonly { value: Coupling; label: string; title: string }[] = [
  { value: 'coupled', label: 'coupled', title: 'Both sides draw from the same noise' },
  { value: 'independent', label: 'independent', title: 'Each side draws from its own noise' },
];

function TypedField({
  setting,
  label,
  characters,
  stacked = false,
  after,
}: {
  readonly setting: TypedSetting;
  readonly label: string;
  readonly characters: number;
  readonly stacked?: boolean;
  readonly after?: React.ReactNode;
}) {
  const value = useSession((state) => state.settings.typed[setting]);
  const settings = useSession((state) => state.settings);
  const controller = useController();
  const problem = useMemo(() => parseDraft(settings).problems[setting] ?? null, [settings, setting]);
  return (
    <Field
      label={label}
      value={value}
      problem={problem}
      characters={characters}
      stacked={stacked}
      inputMode={setting === 'seed' || setting === 'topK' ? 'numeric' : 'decimal'}
      onChange={(text) => controller.setTyped(setting, text)}
      onStep={(direction) => controller.stepTyped(setting, direction)}
      after={after}
    />
  );
}

function Seed() {
  const controller = useController();
  return (
    <TypedField
      setting="seed"
      label="seed"
      characters={1}
      after={
        <button
          type="button"
          aria-label="Another seed"
          title="Another seed"
          onClick={controller.rollSeed}
          className="grid size-6 place-items-center rounded-md text-mut hover:bg-soft hover:text-ink pointer-coarse:size-9"
        >
          <Dices size={15} aria-hidden />
        </button>
      }
    />
  );
}

function Noise() {
  const coupling = useSession((state) => state.settings.coupling);
  const controller = useController();
  return (
    <span className="flex items-center justify-between gap-1.5">
      <span className="text-mut">noise</span>
      <Segmented label="Noise" value={coupling} options={couplings} onChange={controller.setCoupling} />
    </span>
  );
}

/** The sampling settings, in one line; the rarer ones, and on a narrow screen all but the seed, behind a button. */
export function SettingsRow() {
  return (
    <div className="flex items-center gap-x-3 short:gap-x-2.5">
      <Seed />
      <span className="contents max-sm:hidden">
        <Noise />
        <TypedField setting="guidanceWeight" label="guidance" characters={2} />
        <TypedField setting="temperature" label="temperature" characters={2} />
      </span>
      <MoreSettings />
    </div>
  );
}

function MoreSettings() {
  const greedy = useSession((state) => state.settings.greedy);
  const typed = useSession((state) => state.settings.typed);
  const manifest = useModelFiles(useBundledFolder()).data?.manifest;
  const loaded = useSession((state) => state.model.info?.defaults);
  const defaults = manifest?.defaults ?? loaded;
  const standard = useMemo(() => defaults && draftOf({ ...defaults, seed: 0, greedy: false }).typed, [defaults]);
  const changed =
    greedy ||
    (standard !== undefined &&
      (typed.topK !== standard.topK || typed.topP !== standard.topP || typed.plausibility !== standard.plausibility));
  const controller = useController();
  return (
    <Popover
      align="start"
      title="All settings"
      trigger={
        <button
          type="button"
          className="flex h-6 items-center gap-1.5 rounded-md px-1 whitespace-nowrap text-mut hover:text-ink data-popup-open:text-ink pointer-coarse:h-9"
        >
          <SlidersHorizontal size={13} aria-hidden />
          <span className="max-sm:hidden">all </span>settings
          {changed && (
            <>
              <i aria-hidden className="size-1.5 rounded-full bg-d" />
              <span className="sr-only">(changed)</span>
            </>
          )}
        </button>
      }
    >
      <div className="grid gap-3">
        <div className="grid gap-3 sm:hidden">
          <Noise />
          <TypedField setting="guidanceWeight" label="Guidance" characters={5} stacked />
          <TypedField setting="temperature" label="Temperature" characters={5} stacked />
        </div>
        <Explained text="Keeps so many of the likeliest tokens; 0 keeps all.">
          <TypedField setting="topK" label="Top-k" characters={5} stacked />
        </Explained>
        <Explained text="Keeps the likeliest tokens that together reach this probability.">
          <TypedField setting="topP" label="Top-p" characters={5} stacked />
        </Explained>
        <Explained text="Drops tokens that the prompt alone makes less likely than this share of its likeliest one.">
          <TypedField setting="plausibility" label="Plausibility" characters={5} stacked />
        </Explained>
        <Explained text="Always takes the likeliest token; temperature, top-k and top-p are then off.">
          <label className="flex items-center justify-between">
            <span className="text-mut">Greedy</span>
            <input
              type="checkbox"
              checked={greedy}
              onChange={(event) => controller.setGreedy(event.target.checked)}
              className="size-4 accent-ink"
            />
          </label>
        </Explained>
        <Button onClick={controller.resetSettings} className="justify-self-start">
          Reset to the model’s defaults
        </Button>
      </div>
    </Popover>
  );
}

function Explained({ text, children }: { readonly text: string; readonly children: React.ReactNode }) {
  return (
    <div>
      {children}
      <p className="mt-0.5 pr-20 text-[13px] leading-snug text-mut">{text}</p>
    </div>
  );
}

/** One sentence for each setting that cannot be used, where it can be seen. */
export function SettingsProblems() {
  const settings = useSession((state) => state.settings);
  const problems = useMemo(() => Object.entries(parseDraft(settings).problems), [settings]);
  if (problems.length === 0) return null;
  return (
    <p className="text-bad">
      {problems.map(([setting, text]) => (
        <span key={setting} className="mr-2">
          {text}
        </span>
      ))}
    </p>
  );
}
