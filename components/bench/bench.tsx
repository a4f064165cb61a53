'use client';
import clsx from 'clsx';
import { useCallback, useEffect, useState } from 'react';
import layout from './bench.module.css';
import { StepChart, StepChartLegend } from '@/components/charts/step-chart';
import { Inspector } from '@/components/inspector/inspector';
import { ModelDefaults } from '@/components/models/model-defaults';
import { PromptPanel } from '@/components/prompts/prompt-panel';
import { DropTarget } from '@/components/share/drop-target';
import { type Offer, OpenDialog } from '@/components/share/open-dialog';
import { ShareDialog } from '@/components/share/share-dialog';
import { CodebookProvider } from '@/components/shell/codebook-provider';
import { Header } from '@/components/shell/header';
import { HelpDialog } from '@/components/shell/help-dialog';
import { Announcer, Notices } from '@/components/shell/notices';
import { useShortcuts } from '@/components/shell/shortcuts';
import { Card } from '@/components/ui/card';
import { VersusDialog } from '@/components/versus/versus-dialog';
import { withVisibleMarks } from '@/lib/prompts';
import { useBench, useBenchStore, useController, useOpenBench } from '@/lib/state';
import { DifferencePanel } from './difference-panel';
import { FindingLine } from './finding-line';
import { FrameActions, FrameOrigin } from './frame-bar';
import { PictureCard } from './picture-card';
import { Summary } from './summary';
import { Transport } from './transport';

/** The title of the page carries the prompts on screen, so that tabs and bookmarks can be told apart. */
const useTitle = (): void => {
  const prompts = useBench((state) => state.frame?.prompts ?? null);
  useEffect(() => {
    if (prompts === null) return;
    const wanted = `${withVisibleMarks(`${prompts.a} / ${prompts.b}`)} · Pairscope`;
    // As the browser keeps it, without the spaces that it drops: compared with what was asked for, some titles would be written for ever.
    let kept = '';
    const write = (): void => {
      if (document.title === kept) return;
      document.title = wanted;
      kept = document.title;
    };
    write();
    // The router writes the route's own title again whenever the address changes.
    const observer = new MutationObserver(write);
    observer.observe(document.head, { subtree: true, childList: true, characterData: true });
    return () => observer.disconnect();
  }, [prompts]);
};

/** The whole bench: two prompts, two pictures, their difference, and what explains it. */
export function Bench() {
  useOpenBench();
  useTitle();
  return (
    <>
      <ModelDefaults />
      <CodebookProvider>
        <Screen />
      </CodebookProvider>
    </>
  );
}

/** Beside the pictures: the map and the figures. A locked cell's numbers take both places; one that is pointed at shows in that of the figures. */
function Explanation({ className }: { readonly className?: string | undefined }) {
  const showsCell = useBench((state) => state.lockedStep !== null && state.showsCell);
  const isPointedAt = useBench((state) => state.hoveredStep !== null) && !showsCell;
  return (
    <div
      className={clsx(
        className,
        'grid min-h-0 content-start gap-3.5 max-sm:gap-2.5 short:gap-2.5',
        showsCell ? 'desk:grid-rows-[minmax(0,1fr)] desk:content-stretch' : 'grid-rows-[auto_minmax(0,1fr)]',
      )}
    >
      <DifferencePanel className={clsx(showsCell && 'desk:h-0 desk:min-h-full')} />
      <div className={clsx('grid content-start desk:relative', showsCell && 'desk:hidden')}>
        <Summary className={clsx(isPointedAt && 'desk:invisible')} />
        {isPointedAt && (
          <Card className="hidden desk:absolute desk:inset-0 desk:z-10 desk:block">
            <Inspector />
          </Card>
        )}
      </div>
    </div>
  );
}

type Window = 'open' | 'share' | 'help' | null;

function Screen() {
  const [window, setWindow] = useState<Window>(null);
  const [offer, setOffer] = useState<Offer | null>(null);
  const bench = useBenchStore();
  const controller = useController();
  const openOpen = useCallback(() => setWindow('open'), []);
  const offerSeveral = useCallback((several: Offer) => {
    setOffer(several);
    setWindow('open');
  }, []);
  const openShare = useCallback(() => setWindow('share'), []);
  const openHelp = useCallback(() => setWindow('help'), []);
  const close = (open: boolean): void => setWindow((current) => (open ? current : null));
  useShortcuts({ bench, controller, openHelp, openShare, openOpen });

  return (
    <>
      <a
        href="#bench"
        className="sr-only focus:not-sr-only focus:fixed focus:top-2 focus:left-2 focus:z-50 focus:rounded-lg focus:bg-ink focus:px-3 focus:py-1.5 focus:text-bg"
      >
        Skip to the pictures
      </a>
      <Header onOpen={openOpen} onShare={openShare} onHelp={openHelp} />
      <main className="grid grid-cols-1 gap-2.5 px-6 pt-3 pb-4 max-sm:px-3 max-sm:pt-3 short:gap-1.5 short:px-5 short:pt-2 short:pb-2">
        <PromptPanel />
        <FindingLine>
          <FrameActions />
        </FindingLine>
        <div id="bench" tabIndex={-1} className={clsx(layout.areas, 'outline-none')}>
          <PictureCard side="a" className={layout.a} />
          <PictureCard side="b" className={layout.b} />
          <Card
            aria-label="Steps"
            className={clsx(layout.steps, 'min-w-0 px-3.5 pt-2.5 pb-2 short:pt-1.5 short:pb-1.5')}
          >
            <Transport className="mb-1" />
            <StepChart />
          </Card>
          <Explanation className={layout.third} />
        </div>
        <footer className="flex flex-wrap justify-between gap-x-5 gap-y-1 desk:flex-nowrap">
          <StepChartLegend className="desk:shrink-0" />
          <FrameOrigin className="desk:text-right desk:[&>p:first-child]:truncate" />
        </footer>
      </main>
      <Notices />
      <Announcer />
      <DropTarget onOffer={offerSeveral} />
      <OpenDialog open={window === 'open'} onOpenChange={close} offer={offer} onOffer={setOffer} />
      <ShareDialog open={window === 'share'} onOpenChange={close} />
      <VersusDialog />
      <HelpDialog open={window === 'help'} onOpenChange={close} />
    </>
  );
}
