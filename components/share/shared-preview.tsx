'use client';
import { useStale } from '@/components/bench/frame-bar';
import { HighlightedText } from '@/components/prompts/highlighted';
import { useCodebook } from '@/components/token-grid/codebook';
import { Button } from '@/components/ui/button';
import { SideBadge } from '@/components/ui/side-badge';
import { SheetPicture } from '@/components/versus/sheet-picture';
import type { Comparison } from '@/lib/comparison';
import { diffPrompts, withVisibleMarks } from '@/lib/prompts';
import { useBench, useController } from '@/lib/state';

/** What will be shared, as its reader will see it; and a way on where something else is typed by now. */
export function SharedPreview({ comparison, onRun }: { readonly comparison: Comparison; readonly onRun: () => void }) {
  const codebook = useCodebook();
  const controller = useController();
  const images = useBench((state) => state.images);
  const frame = useBench((state) => state.frame);
  const drawn = useBench((state) => state.drawn);
  const isStale = useStale(frame);
  const { grid, prompts, tokens } = comparison;
  const { segments } = diffPrompts(prompts.a, prompts.b);
  return (
    <section aria-label="What is shared" className="grid gap-2.5">
      <div className="grid grid-cols-2 gap-3">
        {(['a', 'b'] as const).map((side) => (
          <div key={side} className="flex min-w-0 items-start gap-2.5 max-sm:flex-col">
            <div className="w-[92px] shrink-0">
              <SheetPicture
                label={`Picture ${side.toUpperCase()}: ${withVisibleMarks(prompts[side])}`}
                tokens={tokens[side]}
                drawn={drawn}
                grid={grid}
                image={images[side]}
                codebook={codebook}
              />
            </div>
            <p className="grid min-w-0 justify-items-start gap-1 text-[14px] leading-snug">
              <SideBadge side={side} />
              <HighlightedText side={side} segments={segments[side]} />
            </p>
          </div>
        ))}
      </div>
      {isStale && (
        <p className="flex flex-wrap items-center gap-x-3 gap-y-1.5 text-warn">
          Other prompts or settings are typed by now; this is what was drawn before.
          <Button
            onClick={() => {
              onRun();
              controller.run();
            }}
          >
            Run the new pair instead
          </Button>
        </p>
      )}
    </section>
  );
}
