'use client';
import clsx from 'clsx';
import { useMemo } from 'react';
import { describeCell } from '@/components/inspector/describe-cell';
import { useCodebook } from '@/components/token-grid/codebook';
import { picturePainter } from '@/components/token-grid/paint-picture';
import { TokenGrid } from '@/components/token-grid/token-grid';
import { ZoomControls } from '@/components/token-grid/zoom-controls';
import { Card, CardHeader } from '@/components/ui/card';
import { PromptText } from '@/components/ui/prompt-text';
import { SideBadge } from '@/components/ui/side-badge';
import type { Pair, Side } from '@/lib/domain';
import { diffPrompts, withVisibleMarks } from '@/lib/prompts';
import { useBench } from '@/lib/state';
import { BOverA, WipeHandle } from './b-over-a';
import { CompareControls } from './compare-controls';
import { ServedPicture } from './served-picture';

/** The words of a side that the other does not have: they are what the two captions differ in, and are never cut off. */
const changedWords = ({ a, b }: Pair<string>, side: Side): string =>
  diffPrompts(a, b)
    .segments[side].filter(({ edit }) => edit !== null)
    .map(({ text }) => text.trim())
    .filter((text) => text !== '')
    .join(' … ');

/** Whose picture it is: the words that only this side has, or else the prompt; the whole prompt for those who hear it. */
function Caption({ side, className }: { readonly side: Side; readonly className?: string }) {
  const prompt = useBench((state) => state.frame?.prompts[side] ?? '');
  const changed = useBench((state) => (state.frame === null ? '' : changedWords(state.frame.prompts, side)));
  return (
    <span className={clsx('flex min-w-0 items-center gap-2', className)}>
      <SideBadge side={side} />
      <h2 className={clsx('min-w-0 truncate text-[14px] font-medium', changed !== '' && 'sr-only')}>
        {prompt === '' ? `Picture ${side.toUpperCase()}` : <PromptText>{prompt}</PromptText>}
      </h2>
      {changed !== '' && (
        <span
          aria-hidden
          title={withVisibleMarks(prompt)}
          className={clsx('min-w-0 truncate text-[14px] font-semibold', side === 'a' ? 'text-a' : 'text-b')}
        >
          <PromptText>{changed}</PromptText>
        </span>
      )}
    </span>
  );
}

/** The picture of one side, painted as its tokens arrive, with marks where the sides differ. B's may lie over A's. */
export function PictureCard({ side, className }: { readonly side: Side; readonly className?: string | undefined }) {
  const codebook = useCodebook();
  const prompt = useBench((state) => state.frame?.prompts[side] ?? '');
  const painter = useMemo(() => picturePainter(side, codebook), [side, codebook]);
  const describe = useMemo(() => describeCell(codebook), [codebook]);
  const wipes = useBench((state) => side === 'a' && state.comparing === 'wipe');
  const blinks = useBench((state) => side === 'a' && state.blinks);
  const name = side.toUpperCase();
  return (
    <Card aria-label={`Picture ${name}`} className={clsx('@container flex min-w-0 flex-col', className)}>
      <CardHeader>
        <Caption side={blinks ? 'b' : side} />
        {wipes && !blinks && <Caption side="b" />}
        <span className="flex-1" />
        {side === 'b' ? <ZoomControls className="max-sm:hidden" /> : <CompareControls className="max-sm:hidden" />}
      </CardHeader>
      <div className="relative">
        <TokenGrid
          label={`Picture ${name}: ${withVisibleMarks(prompt)}`}
          painter={painter}
          describe={describe}
          ground="picture"
        >
          <ServedPicture side={side} />
          {side === 'a' && <BOverA />}
        </TokenGrid>
        {side === 'a' && <WipeHandle />}
      </div>
    </Card>
  );
}
