'use client';
import clsx from 'clsx';
import { ChevronDown, ChevronLeft, ChevronRight, ChevronUp } from 'lucide-react';
import { useMemo, useState } from 'react';
import { HighlightedText } from '@/components/prompts/highlighted';
import { Button } from '@/components/ui/button';
import { Card, CardHeader } from '@/components/ui/card';
import { SideBadge } from '@/components/ui/side-badge';
import type { Score } from '@/lib/judge';
import {
  CATEGORIES,
  type Category,
  drawIn,
  inOrder,
  judgeKey,
  type PromptPair,
  scoreIn,
  shortName,
} from '@/lib/paircomp';
import { diffPrompts } from '@/lib/prompts';
import { rowPairs } from '@/lib/state/paircomp';
import { Measure } from './measure';
import { Thumbnails } from './thumbnails';
import type { JudgedRun } from './use-judged-run';
import { meansOrNull, type PairRow, percent, type SortKey, sortRows } from './words';

const PAGE = 20;

interface Row extends PairRow {
  readonly pair: PromptPair;
}

/** Every pair of the run with its numbers and pictures, worst first; each opens in the bench. */
export function PairsTable({ judged }: { readonly judged: JudgedRun }) {
  const { run, tally } = judged;
  const [sort, setSort] = useState<{ readonly by: SortKey; readonly reversed: boolean }>({
    by: 'gap',
    reversed: false,
  });
  const [category, setCategory] = useState<Category>('all');
  const [page, setPage] = useState(0);
  const rows = useMemo(() => {
    const scores = new Map(tally.scored.map(({ index, scores: of }) => [index, of]));
    const all = rowPairs(run)
      .filter((pair) => category === 'all' || pair.category === category)
      .map((pair): Row => ({ index: pair.index, pair, means: meansOrNull(scores.get(pair.index)) }));
    return sortRows(all, sort.by, sort.reversed);
  }, [run, tally, category, sort]);
  const categories = useMemo(() => inOrder([...CATEGORIES, ...run.pairs.map((pair) => pair.category)]), [run]);
  const pages = Math.max(1, Math.ceil(rows.length / PAGE));
  const at = Math.min(page, pages - 1);
  const press = (by: SortKey): void => {
    setSort((current) => ({ by, reversed: current.by === by && !current.reversed }));
    setPage(0);
  };
  return (
    <Card aria-label="Pairs">
      <CardHeader className="h-auto! min-h-9 flex-wrap py-1">
        <h2 className="font-semibold">Pairs</h2>
        <label className="flex items-center gap-1.5">
          <span className="sr-only">Category</span>
          <select
            value={category}
            onChange={(event) => {
              setCategory(event.target.value);
              setPage(0);
            }}
            className="h-7 rounded-lg border border-edge bg-panel px-1.5 pointer-coarse:h-9"
          >
            <option value="all">all categories</option>
            {categories.map((each) => (
              <option key={each} value={each}>
                {shortName(each)}
              </option>
            ))}
          </select>
        </label>
        <span className="flex-1" />
        <span className="num text-[13px] text-mut" role="status">
          {rows.length === 0 ? '0' : `${at * PAGE + 1}–${Math.min(rows.length, (at + 1) * PAGE)}`} of{' '}
          {rows.length.toLocaleString('en')}
        </span>
        <Button square aria-label="Previous pairs" disabled={at === 0} onClick={() => setPage(at - 1)}>
          <ChevronLeft size={14} aria-hidden />
        </Button>
        <Button square aria-label="Next pairs" disabled={at >= pages - 1} onClick={() => setPage(at + 1)}>
          <ChevronRight size={14} aria-hidden />
        </Button>
      </CardHeader>
      <table className="w-full table-fixed border-collapse">
        <caption className="sr-only">Pairs with their scores in percent</caption>
        <thead>
          <tr className="text-mut">
            <SortHeader by="pair" sort={sort} onPress={press} className="pl-3.5 text-left">
              pair
            </SortHeader>
            {(['sa', 'sg', 'gap'] as const).map((measure) => (
              <SortHeader
                key={measure}
                by={measure}
                sort={sort}
                onPress={press}
                className="w-[54px] text-right last:w-[64px] last:pr-2.5 sm:w-[72px] sm:last:w-[82px]"
              >
                <Measure of={measure} />
              </SortHeader>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.slice(at * PAGE, (at + 1) * PAGE).map(({ pair, means }) => (
            <tr key={pair.index} className="border-t border-line align-top">
              <td className="py-2 pr-2 pl-3.5">
                <PairCell judged={judged} pair={pair} />
              </td>
              {(['sa', 'sg', 'gap'] as const).map((measure) => (
                <td
                  key={measure}
                  className={clsx('num px-1 py-2 text-right last:pr-3.5', measure === 'gap' && 'font-medium')}
                >
                  {percent(means?.[measure])}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      {rows.length === 0 && <p className="px-3.5 pb-4 text-mut">No pair of the run is in this category.</p>}
    </Card>
  );
}

interface SortHeaderProps {
  readonly by: SortKey;
  readonly sort: { readonly by: SortKey; readonly reversed: boolean };
  readonly onPress: (by: SortKey) => void;
  readonly className: string;
  readonly children: React.ReactNode;
}

function SortHeader({ by, sort, onPress, className, children }: SortHeaderProps) {
  const active = sort.by === by;
  // "Worst first" is descending for the gap and ascending for the rest.
  const descending = (by === 'gap') !== sort.reversed;
  const Icon = descending ? ChevronDown : ChevronUp;
  return (
    <th
      scope="col"
      aria-sort={active ? (descending ? 'descending' : 'ascending') : 'none'}
      className={clsx('py-1 font-normal', className)}
    >
      <button
        type="button"
        onClick={() => onPress(by)}
        className={clsx(
          'inline-flex min-h-6 items-center gap-0.5 rounded-md px-1 hover:text-ink pointer-coarse:min-h-9',
          active && 'font-medium text-ink',
        )}
      >
        <span>{children}</span>
        <Icon size={12} aria-hidden className={clsx(!active && 'invisible')} />
      </button>
    </th>
  );
}

const wordsOf = (score: Score | undefined): string =>
  score === undefined
    ? 'not judged yet'
    : 'score' in score
      ? `score ${percent(score.score)} %`
      : `unscored: ${score.unscored}`;

function PairCell({
  judged: { run, results, judge },
  pair,
}: {
  readonly judged: JudgedRun;
  readonly pair: PromptPair;
}) {
  const { segments } = useMemo(() => diffPrompts(pair.captions[0], pair.captions[1]), [pair]);
  const skipped = run.skipped.find((each) => each.pair === pair.index);
  const scores = (image: number): readonly [string, string] => {
    const of = (prompt: number): string =>
      wordsOf(judge === null ? undefined : scoreIn(results, judgeKey(judge), { pair: pair.index, prompt, image }));
    return [of(0), of(1)];
  };
  return (
    <div className="flex flex-wrap items-start justify-between gap-x-4 gap-y-2">
      <div className="grid min-w-0 gap-0.5">
        <span className="text-[13px] text-mut">
          <span className="num">{pair.index}</span> · {shortName(pair.category)}
        </span>
        {(['a', 'b'] as const).map((side) => (
          <span key={side} className="flex items-start gap-1.5">
            <SideBadge side={side} className="size-4! text-[13px]!" />
            <HighlightedText side={side} segments={segments[side]} />
          </span>
        ))}
        {skipped !== undefined && <span className="text-[13px] text-mut">Not drawn: {skipped.reason}</span>}
      </div>
      <span className="flex flex-wrap gap-2">
        {Array.from({ length: run.images }, (_, image) => image)
          .filter((image) => drawIn(results, pair.index, image) !== undefined)
          .map((image) => (
            <Thumbnails key={image} run={run} pair={pair} image={image} scores={scores(image)} />
          ))}
      </span>
    </div>
  );
}
