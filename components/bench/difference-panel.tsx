'use client';
import clsx from 'clsx';
import { useMemo } from 'react';
import { describeCell } from '@/components/inspector/describe-cell';
import { Inspector } from '@/components/inspector/inspector';
import { useCodebook } from '@/components/token-grid/codebook';
import { TokenGrid } from '@/components/token-grid/token-grid';
import { useDifferenceBitmap } from '@/components/token-grid/use-difference-bitmap';
import { Card, CardHeader } from '@/components/ui/card';
import { Segmented } from '@/components/ui/segmented';
import { Tabs } from '@/components/ui/tabs';
import { modelFolder } from '@/lib/models';
import { useBench, useBenchActions, useBundledJudge, useIsFinished, useJudgement } from '@/lib/state';
import { type DifferenceView, sideOf } from '@/lib/state/bench';
import { useIsArchived } from '@/lib/state/models';
import { differencePanelViews } from './difference-views';

const CELL = 'cell';

/**
 * Where and how the two sides differ, as one of several maps; what the model's judge makes of the pair, where it has one; and, while a
 * cell is locked, all that is known of it.
 */
export function DifferencePanel({ className }: { readonly className?: string | undefined }) {
  const chosen = useBench((state) => state.view);
  const frame = useBench((state) => state.frame);
  const hasImages = useBench((state) => state.images.a !== null && state.images.b !== null);
  const isArchived = useIsArchived(frame === null ? undefined : modelFolder(frame));
  const actions = useBenchActions();
  const codebook = useCodebook();
  const judge = useBundledJudge(frame);
  const offered = useMemo(
    () => differencePanelViews.filter((each) => each.isOffered?.({ hasJudge: judge !== null }) ?? true),
    [judge],
  );
  const view = offered.find(({ name }) => name === chosen) ?? differencePanelViews[0];
  const { content, choice } = view;
  const side = useBench((state) => sideOf(state, view.name));
  const judgement = useJudgement(judge, content.kind === 'judgement');
  const isFinished = useIsFinished();
  const bitmap = useDifferenceBitmap(content.kind === 'map' && content.paintsPictures === true);

  const describe = useMemo(() => describeCell(codebook), [codebook]);
  const painter = useMemo(
    () => (content.kind === 'map' ? content.painter({ side, codebook, bitmap }) : null),
    [content, side, codebook, bitmap],
  );
  const sentence =
    content.kind === 'map' && frame !== null
      ? (content.missing?.({ side, frame, hasImages, isArchived }) ?? null)
      : null;
  const isLocked = useBench((state) => state.lockedStep !== null);
  const showsCell = useBench((state) => state.lockedStep !== null && state.showsCell);
  const outcome = judgement.data?.outcome;
  const tabs = useMemo(
    () => [
      ...offered.map(({ name, label, Tab }) => ({
        value: name,
        label: Tab ? <Tab outcome={outcome} /> : label,
      })),
      ...(isLocked ? [{ value: CELL as DifferenceView | typeof CELL, label: 'Cell' }] : []),
    ],
    [offered, outcome, isLocked],
  );

  return (
    <Card aria-label="Difference" className={clsx('@container flex min-w-0 flex-col', className)}>
      <CardHeader className="px-1.5!">
        <Tabs<DifferenceView | typeof CELL>
          label="What the difference map shows"
          value={showsCell ? CELL : view.name}
          options={tabs}
          onChange={(next) => (next === CELL ? actions.showCell() : actions.setView(next))}
          className="@max-[350px]:[&_[role=tab]]:px-[3px]"
        />
      </CardHeader>
      {showsCell ? (
        <div role="tabpanel" aria-label="Cell" className="min-h-0 flex-1 overflow-y-auto">
          <Inspector />
        </div>
      ) : (
        <>
          <div role="tabpanel" aria-label={view.label} className="relative mx-auto w-full max-w-[var(--map,none)]">
            {content.kind === 'judgement' && (
              <content.Body
                judgement={judgement}
                isFinished={isFinished}
                prompts={frame?.prompts ?? { a: '', b: '' }}
              />
            )}
            {painter !== null && (
              <TokenGrid
                label={`Difference of A and B: ${view.label}`}
                painter={painter}
                describe={describe}
                ground="map"
              />
            )}
            {sentence !== null && (
              <p className="pointer-events-none absolute inset-x-4 top-1/2 -translate-y-1/2 rounded-lg border border-line bg-panel px-3 py-2 text-center text-mut shadow-lift">
                {sentence}
              </p>
            )}
          </div>
          <div className="flex min-h-7 flex-1 flex-wrap items-center gap-x-2 gap-y-1 border-t border-line py-[3px] pr-1 pl-2.5 text-[13px] @[330px]:pl-3 @[330px]:text-[13px] text-mut short:min-h-6">
            <view.Legend side={side} isRounded={frame?.trace.precision === 'rounded'} />
            {choice !== undefined && side !== null && (
              <Segmented
                key={view.name}
                label={choice.label}
                value={side}
                options={choice.options}
                onChange={(next) => actions.setSide(view.name, next)}
                className="ml-auto text-[13px] leading-4 [&>button]:px-1.5"
              />
            )}
          </div>
        </>
      )}
    </Card>
  );
}
