'use client';
import Link from 'next/link';
import type { ReactNode } from 'react';
import { ModelDefaults } from '@/components/models/model-defaults';
import { Logo } from '@/components/shell/logo';
import { Announcer, Notices } from '@/components/shell/notices';
import { SiteNav } from '@/components/shell/site-nav';
import { ThemeToggle } from '@/components/shell/theme-toggle';
import { Card } from '@/components/ui/card';
import type { SamplingSettings } from '@/lib/domain';
import type { GrpoReport } from '@/lib/grpo';
import { useCatalogue, useModelFiles } from '@/lib/state/models';
import { GroupFigure } from './group-figure';
import { LivePairs } from './live-pairs';
import { OwnPair } from './own-pair';
import { Question } from './question';
import { Results } from './results';

/** What the benchmark asks, where the base fails, what pair groups change, and what came of it. */
export function StoryPage({ report }: { readonly report: GrpoReport | null }) {
  return (
    <>
      <ModelDefaults />
      <header className="flex h-12 items-center gap-3.5 border-b border-line px-6 max-sm:gap-1.5 max-sm:px-3">
        <Link href="/" title="To the bench" aria-label="Pairscope, to the bench">
          <Logo />
        </Link>
        <SiteNav />
        <span className="flex-1" />
        <ThemeToggle />
      </header>
      <main className="mx-auto grid max-w-[860px] grid-cols-1 gap-3 px-6 py-6 max-sm:px-3 max-sm:py-4">
        <Story report={report} />
      </main>
      <Notices />
      <Announcer />
    </>
  );
}

/** The settings that the experiment measured with, or, without a report, the base's own; each picture has its own noise, as in the benchmark. */
const useProtocol = (
  base: string | undefined,
  measured: GrpoReport['settings'] | undefined,
): SamplingSettings | null => {
  const own = useModelFiles(base).data?.manifest.defaults;
  if (own === undefined) return null;
  const settings =
    measured === undefined
      ? own
      : { ...own, guidanceWeight: measured.guidance, plausibility: measured.mask, temperature: measured.temperature };
  return { ...settings, coupling: 'independent', seed: 0, greedy: false };
};

function Story({ report }: { readonly report: GrpoReport | null }) {
  const catalogue = useCatalogue().data;
  const base = catalogue?.roles.base ?? catalogue?.default;
  const tuned = catalogue?.roles['pair-grpo'];
  const settings = useProtocol(base, report?.settings);
  return (
    <>
      <div className="grid gap-2 pb-1">
        <h1 className="text-[26px] leading-tight font-semibold tracking-tight text-balance">
          Two prompts, one difference
        </h1>
        <p className="max-w-[68ch] text-[15px] leading-relaxed">
          An image model may draw “a red apple and a blue car” well and still fail at “a blue apple and a red car”.
          FocusDiff (Pan et al.,{' '}
          <a href="https://arxiv.org/abs/2506.05501" className="underline underline-offset-3">
            arXiv 2506.05501
          </a>
          ) asks for both at once, and trains for it: reinforcement learning in which the two prompts of a pair share
          one group. This page shows the benchmark, the failures and the training on the small model that runs in this
          browser.
        </p>
      </div>
      <Chapter number={1} title="What the benchmark asks">
        <Question />
      </Chapter>
      <Chapter number={2} title="Where the base fails">
        {base !== undefined && settings !== null ? (
          <LivePairs base={base} tuned={tuned === base ? undefined : tuned} settings={settings} />
        ) : (
          <p className="text-mut">Looking for the models…</p>
        )}
      </Chapter>
      <Chapter number={3} title="What pair groups change">
        <GroupFigure group={report?.group} />
      </Chapter>
      <Chapter number={4} title="What came of it">
        {report !== null ? (
          <Results report={report} />
        ) : (
          <p className="text-mut">No experiment is finished yet, so there are no numbers to show.</p>
        )}
      </Chapter>
      <Chapter number={5} title="A pair of your own">
        <OwnPair settings={settings} />
      </Chapter>
    </>
  );
}

function Chapter({
  number,
  title,
  children,
}: {
  readonly number: number;
  readonly title: string;
  readonly children: ReactNode;
}) {
  return (
    <Card aria-label={title} className="grid grid-cols-1 content-start gap-3 p-5 max-sm:p-3.5">
      <h2 className="flex items-baseline gap-2.5 text-[17px] font-semibold tracking-tight">
        <span aria-hidden className="num text-[13px] font-normal text-mut">
          {number}
        </span>
        {title}
      </h2>
      {children}
    </Card>
  );
}
