'use client';
import clsx from 'clsx';
import { Scale } from 'lucide-react';
import { useMemo, useState } from 'react';
import type { ReactNode } from 'react';
import { describeCell } from '@/components/inspector/describe-cell';
import { formatNumber } from '@/components/inspector/format';
import { useCodebook } from '@/components/token-grid/codebook';
import {
  CROSS_SCALE_FLOOR,
  type CrossChoice,
  crossValue,
  type DivergenceChoice,
  divergenceValue,
  valueScale,
} from '@/components/token-grid/difference-values';
import { KindMark } from '@/components/token-grid/kind-mark';
import {
  crossPainter,
  divergencePainter,
  pixelsPainter,
  tokensPainter,
} from '@/components/token-grid/paint-difference';
import type { Painter } from '@/components/token-grid/paint-input';
import { TokenGrid } from '@/components/token-grid/token-grid';
import { FULL_DIFFERENCE, useDifferenceBitmap } from '@/components/token-grid/use-difference-bitmap';
import { useSettled } from '@/components/token-grid/use-settled';
import { Card, CardHeader } from '@/components/ui/card';
import { Segmented } from '@/components/ui/segmented';
import { Tabs } from '@/components/ui/tabs';
import { modelFolder } from '@/lib/models';
import { useBench, useBenchActions, useBundledJudge, useIsFinished, useJudgement } from '@/lib/state';
import type { DifferenceView, Frame } from '@/lib/state/bench';
import { useIsArchived } from '@/lib/state/models';
import { JudgeView, VerdictMark } from './judge-view';

/** What is shown cell by cell. */
type MapView = Exclude<DifferenceView, 'judge'>;

const maps: readonly { readonly value: MapView; readonly label: string }[] = [
  { value: 'cross', label: 'Cross score' },
  { value: 'tokens', label: 'Tokens' },
  { value: 'divergence', label: 'Divergence' },
  { value: 'pixels', label: 'Pixels' },
];

const crossChoices = [
  { value: 'larger', label: 'both', title: 'At each cell, the side whose score is farther from zero' },
  { value: 'a', label: 'A', title: 'A’s tokens: own prompt against B’s' },
  { value: 'b', label: 'B', title: 'B’s tokens: own prompt against A’s' },
] as const;

const divergenceChoices = [
  { value: 'promptA', label: 'prompts A', title: 'Prompt divergence: both prompts on A’s history' },
  { value: 'promptB', label: 'B', title: 'Prompt divergence: both prompts on B’s history' },
  { value: 'side', label: 'sides', title: 'Side divergence: each side with its own history' },
] as const;

/** What the view cannot show of this comparison, in one sentence; null when it can. */
const missing = (
  view: MapView,
  divergence: DivergenceChoice,
  frame: Frame | null,
  hasImages: boolean,
  isArchived: boolean,
): string | null => {
  if (frame === null) return null;
  const { trace } = frame;
  switch (view) {
    case 'tokens':
      return null;
    case 'pixels':
      return hasImages ? null : 'The pixel difference appears as soon as both pictures are decoded.';
    case 'cross':
      return trace.crossScoreBits ? null : 'This comparison was drawn without cross lanes, so it has no cross scores.';
    case 'divergence':
      if (divergence !== 'side')
        return trace.promptDivergenceBits
          ? null
          : 'This comparison was drawn without cross lanes, so it has no prompt divergence.';
      return trace.divergenceBits
        ? null
        : `A link does not carry side divergence${isArchived ? '.' : '; Rerun here computes it.'}`;
  }
};

/** Where and how the two sides differ, as one of four maps; and what the model's judge makes of the pair, where it has one. */
export function DifferencePanel({ className }: { readonly className?: string | undefined }) {
  const chosen = useBench((state) => state.view);
  const frame = useBench((state) => state.frame);
  const hasImages = useBench((state) => state.images.a !== null && state.images.b !== null);
  const isArchived = useIsArchived(frame === null ? undefined : modelFolder(frame));
  const actions = useBenchActions();
  const codebook = useCodebook();
  const [cross, setCross] = useState<CrossChoice>('larger');
  const [divergence, setDivergence] = useState<DivergenceChoice>('promptA');
  const judge = useBundledJudge(frame);
  const isJudging = chosen === 'judge' && judge !== null;
  const judgement = useJudgement(judge, isJudging);
  const isFinished = useIsFinished();
  const view: MapView = chosen === 'judge' ? 'cross' : chosen;
  const bitmap = useDifferenceBitmap(view === 'pixels');

  const describe = useMemo(() => describeCell(codebook), [codebook]);
  const painter = useMemo((): Painter => {
    switch (view) {
      case 'cross':
        return crossPainter(crossValue(cross), codebook);
      case 'tokens':
        return tokensPainter(codebook);
      case 'divergence':
        return divergencePainter(divergenceValue(divergence), divergence !== 'side', codebook);
      case 'pixels':
        return pixelsPainter(bitmap);
    }
  }, [view, cross, divergence, codebook, bitmap]);
  const sentence = missing(view, divergence, frame, hasImages, isArchived);
  const rounded =
    frame?.trace.precision === 'rounded' && (view === 'cross' || (view === 'divergence' && divergence !== 'side'));
  const title = isJudging ? 'Judge' : (maps.find(({ value }) => value === view)?.label ?? '');
  const tabs = useMemo(
    () => [
      ...maps.map(({ value, label }) => ({ value, label: value === 'cross' ? <CrossLabel /> : label })),
      ...(judge === null
        ? []
        : [{ value: 'judge' as const, label: <JudgeLabel controlled={judgement.data?.controlled} /> }]),
    ],
    [judge, judgement.data?.controlled],
  );

  return (
    <Card aria-label="Difference" className={clsx('@container flex min-w-0 flex-col', className)}>
      <CardHeader className="px-1.5!">
        <Tabs<DifferenceView>
          label="What the difference map shows"
          value={isJudging ? 'judge' : view}
          options={tabs}
          onChange={(next) => actions.setView(next)}
          className="@max-[350px]:[&_[role=tab]]:px-1 @max-[350px]:[&_[role=tab]]:text-[12px]"
        />
      </CardHeader>
      <div role="tabpanel" aria-label={title} className="relative">
        {isJudging ? (
          <JudgeView judgement={judgement} isFinished={isFinished} prompts={frame?.prompts ?? { a: '', b: '' }} />
        ) : (
          <TokenGrid label={`Difference of A and B: ${title}`} painter={painter} describe={describe} ground="map" />
        )}
        {sentence !== null && !isJudging && (
          <p className="pointer-events-none absolute inset-x-4 top-1/2 -translate-y-1/2 rounded-lg border border-line bg-panel px-3 py-2 text-center text-mut shadow-lift">
            {sentence}
          </p>
        )}
      </div>
      <div className="flex min-h-7 flex-1 flex-wrap items-center gap-x-2 gap-y-1 border-t border-line py-[3px] pr-1 pl-2.5 text-[11px] @[330px]:pl-3 @[330px]:text-[11.5px] text-mut short:min-h-6">
        {isJudging && <span className="py-1">A small model’s answer, not the truth.</span>}
        {!isJudging && view === 'cross' && (
          <>
            <CrossScale choice={cross} />
            <Basis rounded={rounded}>guidance-free</Basis>
            <Segmented
              label="Whose cross score"
              value={cross}
              options={crossChoices}
              onChange={setCross}
              className="ml-auto text-[11px] leading-4 [&>button]:px-1.5"
            />
          </>
        )}
        {view === 'tokens' && (
          <>
            <Kind kind="different">different</Kind>
            <Kind kind="near">near codes</Kind>
            <Kind kind="distribution">same, other distribution</Kind>
          </>
        )}
        {view === 'divergence' && (
          <>
            <DivergenceScale ofPrompts={divergence !== 'side'} />
            <Basis rounded={rounded}>{divergence === 'side' ? 'as sampled' : 'guidance-free'}</Basis>
            <Segmented
              label="Which divergence"
              value={divergence}
              options={divergenceChoices}
              onChange={setDivergence}
              className="ml-auto text-[11px] leading-4 [&>button]:px-1.5"
            />
          </>
        )}
        {view === 'pixels' && <PixelScale />}
      </div>
    </Card>
  );
}

/** A narrow panel has room for one word. */
function CrossLabel() {
  return (
    <>
      Cross<span className="@max-[310px]:sr-only"> score</span>
    </>
  );
}

function JudgeLabel({ controlled }: { readonly controlled: boolean | null | undefined }) {
  return (
    <>
      <Scale size={14} aria-hidden className="hidden align-[-2px] @max-[310px]:inline-block" />
      <span className="@max-[310px]:sr-only">Judge</span>
      <VerdictMark controlled={controlled} />
    </>
  );
}

/** What the map's numbers are computed on. */
function Basis({ rounded, children }: { readonly rounded: boolean; readonly children: ReactNode }) {
  return (
    <span
      className="whitespace-nowrap @max-[300px]:sr-only"
      title={rounded ? 'Rounded to 4 bits a step, as a link carries them' : undefined}
    >
      {rounded && (
        <>
          <span aria-hidden>≈ </span>
          <span className="sr-only">rounded, </span>
        </>
      )}
      {children}
    </span>
  );
}

function Kind({
  kind,
  children,
}: {
  readonly kind: 'different' | 'near' | 'distribution';
  readonly children: ReactNode;
}) {
  const fill = { different: 'bg-d text-panel', near: 'bg-d/45 text-ink', distribution: 'bg-d/15 text-ink' }[kind];
  return (
    <span className="flex items-center gap-1.5 whitespace-nowrap">
      <span className={clsx('grid size-4 place-items-center rounded-[3px]', fill)}>
        <KindMark kind={kind} />
      </span>
      {children}
    </span>
  );
}

/** Negative cells are round and positive ones square, in the map as here. */
function CrossScale({ choice }: { readonly choice: CrossChoice }) {
  const select = useMemo(() => {
    const value = crossValue(choice);
    return ({ frame, drawn }: Parameters<Parameters<typeof useSettled>[0]>[0]) =>
      frame === null ? CROSS_SCALE_FLOOR : valueScale(value, frame, drawn, CROSS_SCALE_FLOOR);
  }, [choice]);
  const scale = useSettled(select);
  return (
    <span className="flex items-center gap-1">
      <span className="num">{formatNumber(-scale, 1)}</span>
      <i aria-hidden className="size-2.5 rounded-full bg-neg" />
      <i aria-hidden className="hidden h-1.5 w-8 bg-linear-to-r from-neg via-transparent to-d @[372px]:block" />
      <i aria-hidden className="size-2.5 rounded-[2px] bg-d" />
      <span className="whitespace-nowrap">
        <span className="num">+{formatNumber(scale, 1)}</span> bits
      </span>
    </span>
  );
}

function DivergenceScale({ ofPrompts }: { readonly ofPrompts: boolean }) {
  return (
    <span className="flex items-center gap-1">
      <span className="num">0</span>
      <i
        aria-hidden
        className={clsx(
          'h-2 w-6 rounded-[2px] bg-linear-to-r from-transparent @[340px]:w-10',
          ofPrompts ? 'to-d' : 'to-mut',
        )}
      />
      <span className="num whitespace-nowrap">1 bit</span>
    </span>
  );
}

function PixelScale() {
  return (
    <span className="flex items-center gap-1.5">
      <span className="num">0</span>
      <i aria-hidden className="h-2 w-12 rounded-[2px] bg-linear-to-r from-transparent to-d" />
      <span className="num">{FULL_DIFFERENCE}+</span>
      <span className="truncate">mean channel difference of the pictures</span>
    </span>
  );
}
