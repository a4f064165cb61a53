'use client';
import clsx from 'clsx';
import { useMemo, useRef, useState } from 'react';
import { describeCell } from '@/components/inspector/describe-cell';
import { useCodebook } from '@/components/token-grid/codebook';
import { picturePainter } from '@/components/token-grid/paint-picture';
import { TokenGrid } from '@/components/token-grid/token-grid';
import { usePaint } from '@/components/token-grid/use-paint';
import { ZoomControls } from '@/components/token-grid/zoom-controls';
import { Card, CardHeader } from '@/components/ui/card';
import { PromptText } from '@/components/ui/prompt-text';
import { SideBadge } from '@/components/ui/side-badge';
import type { Pair, Side } from '@/lib/domain';
import { diffPrompts, withVisibleMarks } from '@/lib/prompts';
import { useBench, useBenchStore } from '@/lib/state';
import type { BenchState } from '@/lib/state/bench';
import { ServedPicture } from './served-picture';

/** The words of a side that the other does not have: they are what the two captions differ in, and are never cut off. */
const changedWords = ({ a, b }: Pair<string>, side: Side): string =>
  diffPrompts(a, b)
    .segments[side].filter(({ edit }) => edit !== null)
    .map(({ text }) => text.trim())
    .filter((text) => text !== '')
    .join(' … ');

/** The picture of one side, painted as its tokens arrive, with marks where the sides differ. */
export function PictureCard({ side, className }: { readonly side: Side; readonly className?: string | undefined }) {
  const codebook = useCodebook();
  const prompt = useBench((state) => state.frame?.prompts[side] ?? '');
  const painter = useMemo(() => picturePainter(side, codebook), [side, codebook]);
  const describe = useMemo(() => describeCell(codebook), [codebook]);
  const changed = useBench((state) => (state.frame === null ? '' : changedWords(state.frame.prompts, side)));
  const name = side.toUpperCase();
  return (
    <Card aria-label={`Picture ${name}`} className={clsx('@container flex min-w-0 flex-col', className)}>
      <CardHeader>
        <SideBadge side={side} />
        <h2 className={clsx('min-w-0 truncate text-[14px] font-medium', changed !== '' && 'sr-only')}>
          {prompt === '' ? `Picture ${name}` : <PromptText>{prompt}</PromptText>}
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
        <span className="flex-1" />
        {side === 'b' && <ZoomControls className="max-sm:hidden" />}
        {side === 'a' && <Counter />}
      </CardHeader>
      <TokenGrid
        label={`Picture ${name}: ${withVisibleMarks(prompt)}`}
        painter={painter}
        describe={describe}
        ground="picture"
      >
        <ServedPicture side={side} />
      </TokenGrid>
    </Card>
  );
}

const countOf = ({ frame, revealed }: Pick<BenchState, 'frame' | 'revealed'>): string =>
  frame === null ? '' : `${revealed}/${frame.grid.rows * frame.grid.columns}`;

/** Written on animation frames, because it changes with every token. */
function Counter() {
  const bench = useBenchStore();
  const text = useRef<HTMLSpanElement>(null);
  const [first] = useState(() => countOf(bench.getState()));
  usePaint((state) => {
    if (text.current) text.current.textContent = countOf(state);
  });
  return (
    <span ref={text} className="num text-mut @max-[240px]:hidden" title="Tokens shown of all tokens of the picture">
      {first}
    </span>
  );
}
