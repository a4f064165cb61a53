'use client';
import clsx from 'clsx';
import { ChevronRight, CloudDownload } from 'lucide-react';
import { useEffect, useMemo } from 'react';
import { BundledModels } from '@/components/models/bundled-models';
import { Button } from '@/components/ui/button';
import { Card, CardHeader } from '@/components/ui/card';
import { Field } from '@/components/ui/field';
import { Segmented } from '@/components/ui/segmented';
import { counted } from '@/lib/domain';
import { CATEGORIES, type Category, choosePairs, inOrder, protocolSettings, shortName } from '@/lib/paircomp';
import { useBundledFolder, useLibraryState, usePaircomp, usePaircompController, useSession } from '@/lib/state';
import { draftOf, parseDraft, stepSetting, type TypedSetting } from '@/lib/state/bench';
import { useModelFiles, useModelTitle } from '@/lib/state/models';
import { AUTHORS_HOST, readPairsFile } from '@/lib/state/paircomp';
import { FileButton } from './file-button';
import { Group } from './group';
import { JudgeFields, useJudgeHost } from './judge-fields';
import { UnknownWords } from './unknown-words';

/** What the next run is to be. */
export function SetupCard() {
  const controller = usePaircompController();
  const activity = usePaircomp((state) => state.activity);
  const pairs = usePaircomp((state) => state.pairs);
  const host = useJudgeHost();
  return (
    <Card aria-label="New run">
      <CardHeader>
        <h2 className="font-semibold">New run</h2>
      </CardHeader>
      <form
        className="grid gap-4 p-3.5"
        onSubmit={(event) => {
          event.preventDefault();
          void controller.start();
        }}
      >
        <Pairs />
        <Categories />
        <Extent />
        <Model />
        <JudgeFields />
        <Sampling />
        <Button type="submit" tone="primary" disabled={activity !== 'none' || pairs === null}>
          {activity === 'preparing'
            ? 'Loading the model…'
            : host === null
              ? 'Start the run'
              : `Start, and send to ${host}`}
        </Button>
      </form>
    </Card>
  );
}

function Pairs() {
  const controller = usePaircompController();
  const pairs = usePaircomp((state) => state.pairs);
  const fetching = usePaircomp((state) => state.fetching);
  const busy = fetching !== null;
  useEffect(() => {
    if (pairs === null) void controller.loadBuiltIn();
    // Once, for a start; later choices are the person's.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [controller]);
  return (
    <Group title="Pairs">
      <p aria-live="polite">
        {pairs === null ? (
          <span className="text-mut">{busy ? 'Fetching the pairs…' : 'No pairs yet.'}</span>
        ) : (
          <>
            <bdi className="font-medium">{pairs.title}</bdi>{' '}
            <span className="text-mut">· {counted(pairs.pairs.length, 'usable pair')}</span>
          </>
        )}
      </p>
      <div className="flex flex-wrap gap-1.5">
        <Button
          disabled={busy}
          onClick={() => void controller.loadBuiltIn()}
          title="720 held-out pairs of the embedded model’s own world"
        >
          Built-in
        </Button>
        <Button
          disabled={busy}
          onClick={() => void controller.loadAuthors()}
          title={`Your browser fetches PairComp.json from ${AUTHORS_HOST}`}
        >
          <CloudDownload size={13} aria-hidden />
          {fetching === 'authors' ? 'Fetching…' : 'The authors’ file'}
        </Button>
        <FileButton
          label="From disk…"
          disabled={busy}
          onFile={(file) => void controller.loadFile(() => readPairsFile(file))}
        />
      </div>
      <p className="text-[13px] leading-snug text-mut">
        The authors’ file comes from their own repository ({AUTHORS_HOST}), and only when you press the button.
      </p>
      <UnknownWords />
    </Group>
  );
}

function Categories() {
  const controller = usePaircompController();
  const categories = usePaircomp((state) => state.form.categories);
  const pairs = usePaircomp((state) => state.pairs);
  const offered = inOrder([...CATEGORIES, ...(pairs?.pairs ?? []).map(({ category }) => category)]);
  const toggle = (category: Category): void => {
    const next = offered.filter((each) => (each === category ? !categories.includes(each) : categories.includes(each)));
    if (next.length > 0) controller.setForm({ categories: next });
  };
  return (
    <Group title="Categories">
      <div className="flex flex-wrap gap-1.5">
        {offered.map((category) => (
          <label
            key={category}
            className={clsx(
              'inline-flex h-6 cursor-pointer items-center rounded-full border px-2.5 text-[13px] focus-within:outline-2 focus-within:outline-offset-2 focus-within:outline-ink pointer-coarse:h-9',
              categories.includes(category) ? 'border-ink bg-soft font-medium' : 'border-edge text-mut',
            )}
          >
            <input
              type="checkbox"
              className="sr-only"
              checked={categories.includes(category)}
              onChange={() => toggle(category)}
            />
            {shortName(category)}
          </label>
        ))}
      </div>
    </Group>
  );
}

const imageCounts = [
  { value: '1', label: '1' },
  { value: '2', label: '2', title: 'As in the paper' },
  { value: '4', label: '4' },
] as const;

function Extent() {
  const controller = usePaircompController();
  const form = usePaircomp((state) => state.form);
  const pairs = usePaircomp((state) => state.pairs);
  const text = form.limit.trim().toLowerCase();
  const limit = text === '' || text === 'all' ? null : Number(text);
  const usable = limit === null || (Number.isInteger(limit) && limit > 0);
  const chosen = useMemo(
    () => (pairs === null || !usable ? 0 : choosePairs(pairs.pairs, { categories: form.categories, limit }).length),
    [pairs, usable, form.categories, limit],
  );
  return (
    <Group title="How much">
      <Field
        label="Pairs"
        value={form.limit}
        characters={4}
        placeholder="all"
        problem={usable ? null : 'The number of pairs must be a whole number from 1, or “all”.'}
        inputMode="numeric"
        stacked
        onChange={(limit) => controller.setForm({ limit })}
      />
      <span className="flex items-center justify-between">
        <span className="text-mut">Pictures for each prompt</span>
        <Segmented
          label="Pictures for each prompt"
          value={String(form.images)}
          options={imageCounts}
          onChange={(images) => controller.setForm({ images: Number(images) })}
        />
      </span>
      <p className="text-[13px] text-mut">
        <span className="num">{(2 * chosen * form.images).toLocaleString('en')}</span> pictures of{' '}
        <span className="num">{chosen.toLocaleString('en')}</span> pairs, spread evenly over the categories
      </p>
    </Group>
  );
}

function Model() {
  const chosen = useLibraryState((state) => state.chosen);
  const title = useModelTitle(useBundledFolder());
  return (
    <Group title="Model">
      <p>
        <bdi>{chosen?.title ?? title ?? 'The embedded model'}</bdi>
      </p>
      <BundledModels />
      {chosen === null && (
        <p className="text-[13px] leading-snug text-mut">
          The model in the header draws; choose any other one there. The bench may be used meanwhile: it goes first.
        </p>
      )}
    </Group>
  );
}

const couplings = [
  { value: 'independent', label: 'independent', title: 'Each picture has noise of its own, as in the paper' },
  { value: 'coupled', label: 'coupled', title: 'The two prompts of a pair share their noise' },
] as const;

const fields: readonly (readonly [TypedSetting, string])[] = [
  ['guidanceWeight', 'Guidance'],
  ['temperature', 'Temperature'],
  ['topK', 'Top-k'],
  ['topP', 'Top-p'],
  ['plausibility', 'Plausibility'],
];

function Sampling() {
  const controller = usePaircompController();
  const form = usePaircomp((state) => state.form);
  const bundled = useModelFiles(useBundledFolder()).data?.manifest.defaults;
  const loaded = useSession((state) => state.model.info?.defaults);
  const isChosen = useLibraryState((state) => state.chosen !== null);
  const defaults = isChosen ? loaded : bundled;
  const standard = useMemo(
    () => (defaults === undefined ? null : draftOf(protocolSettings({ ...defaults, seed: 0, greedy: false }))),
    [defaults],
  );
  const draft = form.settings ?? standard;
  const problems = useMemo(() => (form.settings === null ? {} : parseDraft(form.settings).problems), [form.settings]);
  const set = (setting: TypedSetting, text: string): void => {
    if (draft !== null) controller.setForm({ settings: { ...draft, typed: { ...draft.typed, [setting]: text } } });
  };
  const seedProblem =
    /^\d{1,10}$/.test(form.seed.trim()) && Number(form.seed) <= 0xffff_ffff
      ? null
      : 'The seed must be a whole number from 0 to 4294967295.';
  return (
    <Group title="Sampling">
      <Field
        label="Seed of the run"
        value={form.seed}
        problem={seedProblem}
        inputMode="numeric"
        stacked
        onChange={(seed) => controller.setForm({ seed })}
      />
      {draft === null ? (
        <p className="text-[13px] text-mut">The model’s own settings, known once it is loaded.</p>
      ) : (
        <details className="group">
          <summary className="flex min-h-6 cursor-pointer list-none items-center gap-1 rounded-md text-mut hover:text-ink [&::-webkit-details-marker]:hidden">
            <ChevronRight size={13} aria-hidden className="transition-transform group-open:rotate-90" />
            {form.settings === null ? 'The model’s own settings, independent noise' : 'Changed settings'}
          </summary>
          <div className="mt-1.5 grid gap-1.5">
            {fields.map(([setting, label]) => (
              <Field
                key={setting}
                label={label}
                value={draft.typed[setting]}
                problem={problems[setting] ?? null}
                stacked
                onChange={(text) => set(setting, text)}
                onStep={(direction) => set(setting, stepSetting(setting, draft.typed[setting], direction))}
              />
            ))}
            <span className="flex items-center justify-between">
              <span className="text-mut">Noise</span>
              <Segmented
                label="Noise"
                value={draft.coupling}
                options={couplings}
                onChange={(coupling) => controller.setForm({ settings: { ...draft, coupling } })}
              />
            </span>
            <label className="flex min-h-6 items-center justify-between">
              <span className="text-mut">Greedy</span>
              <input
                type="checkbox"
                checked={draft.greedy}
                onChange={(event) => controller.setForm({ settings: { ...draft, greedy: event.target.checked } })}
                className="size-4 accent-ink"
              />
            </label>
            {form.settings !== null && (
              <Button className="justify-self-start" onClick={() => controller.setForm({ settings: null })}>
                Reset to the model’s own
              </Button>
            )}
          </div>
        </details>
      )}
      {Object.values(problems).map((problem) => (
        <p key={problem} className="text-bad">
          {problem}
        </p>
      ))}
    </Group>
  );
}
