'use client';
import clsx from 'clsx';
import { useMemo, useRef } from 'react';
import { describeCell } from '@/components/inspector/describe-cell';
import { useCodebook } from '@/components/token-grid/codebook';
import { KindMark } from '@/components/token-grid/kind-mark';
import { picturePainter } from '@/components/token-grid/paint-picture';
import { TokenGrid } from '@/components/token-grid/token-grid';
import { usePaint } from '@/components/token-grid/use-paint';
import { ZoomControls } from '@/components/token-grid/zoom-controls';
import { Card, CardHeader } from '@/components/ui/card';
import { PromptText } from '@/components/ui/prompt-text';
import { SideBadge } from '@/components/ui/side-badge';
import type { Side } from '@/lib/domain';
import { withVisibleMarks } from '@/lib/prompts';
import { useBench } from '@/lib/state';

/** The picture of one side, painted as its tokens arrive, with marks where the sides differ. */
export function PictureCard({ side, className }: { readonly side: Side; readonly className?: string | undefined }) {
  const codebook = useCodebook();
  const prompt = useBench((state) => state.frame?.prompts[side] ?? '');
  const painter = useMemo(() => picturePainter(side, codebook), [side, codebook]);
  const describe = useMemo(() => describeCell(codebook), [codebook]);
  const name = side.toUpperCase();
  return (
    <Card aria-label={`Picture ${name}`} className={clsx('@container flex min-w-0 flex-col', className)}>
      <CardHeader>
        <SideBadge side={side} />
        <h2 className="min-w-0 truncate font-medium" title={withVisibleMarks(prompt)}>
          {prompt === '' ? `Picture ${name}` : <PromptText>{prompt}</PromptText>}
        </h2>
        <span className="flex-1" />
        <Counter />
      </CardHeader>
      <TokenGrid
        label={`Picture ${name}: ${withVisibleMarks(prompt)}`}
        painter={painter}
        describe={describe}
        ground="picture"
      />
      <div className="flex min-h-7 flex-1 items-center gap-2.5 overflow-hidden border-t border-line px-2.5 text-[11px] whitespace-nowrap text-mut @max-[240px]:hidden short:min-h-6 @[330px]:gap-3 @[330px]:px-3 @[330px]:text-[11.5px]">
        {side === 'a' ? (
          <>
            <span className="flex items-center gap-1.5">
              <KindMark kind="different" className="text-ink" />
              different
            </span>
            <span className="flex items-center gap-1.5">
              <KindMark kind="near" className="text-ink" />
              near
            </span>
            <span className="flex min-w-0 items-center gap-1.5">
              <KindMark kind="distribution" className="text-ink" />
              <span className="truncate">same, other distribution</span>
            </span>
          </>
        ) : (
          <>
            <span className="truncate">Ctrl + wheel or pinch zooms</span>
            <span className="flex-1" />
            <ZoomControls className="-mr-1.5" />
          </>
        )}
      </div>
    </Card>
  );
}

/** Written on animation frames, because it changes with every token. */
function Counter() {
  const text = useRef<HTMLSpanElement>(null);
  usePaint(({ frame, revealed }) => {
    if (text.current)
      text.current.textContent = frame === null ? '' : `${revealed}/${frame.grid.rows * frame.grid.columns}`;
  });
  return (
    <span ref={text} className="num text-mut @max-[240px]:hidden" title="Tokens shown of all tokens of the picture" />
  );
}
