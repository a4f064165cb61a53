'use client';
import clsx from 'clsx';
import { useCallback, useEffect, useState } from 'react';
import layout from './bench.module.css';
import { Glance } from '@/components/inspector/glance';
import { ModelDefaults } from '@/components/models/model-defaults';
import { PromptPanel } from '@/components/prompts/prompt-panel';
import { DropTarget } from '@/components/share/drop-target';
import { type Offer, OpenDialog } from '@/components/share/open-dialog';
import { ShareDialog } from '@/components/share/share-dialog';
import { UnreadableLink } from '@/components/share/unreadable-link';
import { CodebookProvider } from '@/components/shell/codebook-provider';
import { Header } from '@/components/shell/header';
import { HelpDialog } from '@/components/shell/help-dialog';
import { Announcer, Notices } from '@/components/shell/notices';
import { useShortcuts } from '@/components/shell/shortcuts';
import { Card } from '@/components/ui/card';
import { VersusDialog } from '@/components/versus/versus-dialog';
import { withVisibleMarks } from '@/lib/prompts';
import { useBench, useBenchStore, useController, useOpenBench, useSession } from '@/lib/state';
import { DifferencePanel } from './difference-panel';
import { FindingLine } from './finding-line';
import { FrameActions } from './frame-bar';
import { PictureCard } from './picture-card';
import { StepsCard } from './steps-card';
import { Summary } from './summary';

/** The title of the page carries the prompts on screen, so that tabs and bookmarks can be told apart. */
const useTitle = (): void => {
  const frame = useBench((state) => state.frame);
  const isUnreadable = useSession((state) => state.unreadable !== null);
  const prompts = isUnreadable ? null : (frame?.prompts ?? null);
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

const useShowsCell = (): boolean => useBench((state) => state.lockedStep !== null && state.showsCell);

/** Beside the pictures: the map and the figures. A locked cell's numbers take both places; one that is pointed at shows in that of the figures. */
function Explanation() {
  const showsCell = useShowsCell();
  const isPointedAt = useBench((state) => state.hoveredStep !== null) && !showsCell;
  return (
    <div
      data-cell={showsCell}
      className={clsx(
        layout.third,
        'grid content-start gap-3.5 max-sm:gap-2.5 desk:gap-3 short:gap-2.5',
        showsCell ? 'desk:grid-rows-[minmax(0,1fr)] desk:content-stretch' : 'grid-rows-[auto_minmax(0,1fr)]',
      )}
    >
      <DifferencePanel className={clsx(showsCell && 'desk:h-0 desk:min-h-full')} />
      <div className={clsx('grid min-h-0 desk:relative', showsCell && 'desk:hidden')}>
        <Summary className={clsx('desk:overflow-y-auto', isPointedAt && 'desk:invisible')} />
        {isPointedAt && (
          <Card className="@container hidden desk:absolute desk:inset-0 desk:z-10 desk:block desk:overflow-y-auto">
            <Glance />
          </Card>
        )}
      </div>
    </div>
  );
}

/** Pictures, what explains them, and the steps. */
function Areas() {
  const showsCell = useShowsCell();
  const comparing = useBench((state) => state.comparing);
  return (
    <div data-cell={showsCell} data-comparing={comparing} className={layout.areas}>
      <PictureCard side="a" className={layout.a} />
      <PictureCard side="b" className={layout.b} />
      <StepsCard className={layout.steps} />
      <Explanation />
    </div>
  );
}

type Window = 'open' | 'share' | 'help' | null;

function Screen() {
  const [window, setWindow] = useState<Window>(null);
  const [offer, setOffer] = useState<Offer | null>(null);
  const unreadable = useSession((state) => state.unreadable);
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
      <main className={clsx(layout.page, 'px-6 pt-3 pb-4 max-sm:px-3 max-sm:pt-3 short:px-5 short:pt-2 short:pb-2')}>
        {unreadable === null ? (
          <>
            <PromptPanel className={layout.prompts} />
            <FindingLine>
              <FrameActions />
            </FindingLine>
            <Areas />
          </>
        ) : (
          <UnreadableLink link={unreadable} onOpen={openOpen} />
        )}
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
