'use client';
import Link from 'next/link';
import { useEffect } from 'react';
import { ModelPill } from '@/components/models/model-pill';
import { Logo } from '@/components/shell/logo';
import { Announcer, Notices } from '@/components/shell/notices';
import { SiteNav } from '@/components/shell/site-nav';
import { ThemeToggle } from '@/components/shell/theme-toggle';
import { Notice } from '@/components/ui/notice';
import { usePaircomp, usePaircompController } from '@/lib/state';
import { PairsTable } from './pairs-table';
import { PublishedCard } from './published-card';
import { ResultsCard } from './results-card';
import { RunCard } from './run-card';
import { RunsCard } from './runs-card';
import { SetupCard } from './setup-card';
import { useJudgedRun } from './use-judged-run';

/** The benchmark: what to run, how far it is, and what came of it. */
export function PaircompPage() {
  const controller = usePaircompController();
  useEffect(() => void controller.open(), [controller]);
  return (
    <>
      <header className="flex h-12 items-center gap-3.5 border-b border-line px-6 max-sm:gap-1.5 max-sm:px-3">
        <Link href="/" title="To the bench" aria-label="Pairscope, to the bench">
          <Logo />
        </Link>
        <ModelPill />
        <SiteNav />
        <span className="flex-1" />
        <ThemeToggle />
      </header>
      <main className="mx-auto grid max-w-[1320px] grid-cols-1 gap-3 px-6 py-5 max-sm:px-3 max-sm:py-4">
        <div>
          <h1 className="text-[22px] font-semibold tracking-tight">PairComp</h1>
          <p className="max-w-[76ch] text-mut">
            Pairs of nearly identical prompts, drawn and judged. s<sub>a</sub> is the mean of a pair’s scores; s
            <sub>g</sub>, their geometric mean, is low when one picture of a pair is wrong. Their gap says how
            unsteadily a model controls the difference.
          </p>
        </div>
        <Problem />
        <div className="grid grid-cols-1 items-start gap-3 desk:grid-cols-[330px_minmax(0,1fr)]">
          <div className="grid gap-3">
            <SetupCard />
            <RunsCard />
          </div>
          <Results />
        </div>
      </main>
      <Notices />
      <Announcer />
    </>
  );
}

function Problem() {
  const problem = usePaircomp((state) => state.problem);
  const remarks = usePaircomp((state) => state.remarks);
  const lasting = usePaircomp((state) => state.lasting);
  const controller = usePaircompController();
  const shown = remarks.slice(0, 3);
  return (
    <div aria-live="polite" className="grid gap-2 empty:hidden">
      {problem !== null && (
        <Notice tone="error" onDismiss={controller.dismiss}>
          {problem}
        </Notice>
      )}
      {shown.length > 0 && (
        <Notice tone="warning" onDismiss={controller.dismiss}>
          {shown.map((remark) => (
            <p key={remark}>{remark}</p>
          ))}
          {remarks.length > shown.length && (
            <p>And {(remarks.length - shown.length).toLocaleString('en')} more of this kind.</p>
          )}
        </Notice>
      )}
      {!lasting && (
        <Notice tone="info">This browser keeps nothing for this page: a run is gone when the page is closed.</Notice>
      )}
    </div>
  );
}

function Results() {
  const judged = useJudgedRun();
  if (judged === null) {
    return (
      <div className="grid gap-3">
        <p className="rounded-[14px] border border-dashed border-edge px-5 py-10 text-center text-mut">
          Nothing is run yet. Start a run, and its scores fill in here while you go on working.
        </p>
        <PublishedCard />
      </div>
    );
  }
  return (
    <div className="grid min-w-0 gap-3 max-desk:order-first">
      <RunCard judged={judged} />
      <div className="grid grid-cols-1 items-start gap-3 xl:grid-cols-[minmax(0,1fr)_300px]">
        <ResultsCard judged={judged} />
        <PublishedCard />
      </div>
      <PairsTable judged={judged} key={judged.run.id} />
    </div>
  );
}
