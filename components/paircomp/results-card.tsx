'use client';
import { useMemo } from 'react';
import { Card, CardHeader } from '@/components/ui/card';
import { Segmented } from '@/components/ui/segmented';
import {
  CATEGORIES,
  inOrder,
  type Intervals,
  isOfPaper,
  judgeKey,
  type Means,
  RESAMPLES,
  shortName,
  summarize,
} from '@/lib/paircomp';
import { Measure } from './measure';
import { useIntervals } from './use-intervals';
import type { JudgedRun } from './use-judged-run';
import { interval, percent } from './words';

const measures = ['sa', 'sg', 'gap'] as const;

/** Which categories an average is of, where that is not all that are shown. */
const averageNote = (averaged: number, own: number): string => {
  if (own > 0) return `of ${averaged} of the paper’s categories`;
  return averaged > 0 && averaged < CATEGORIES.length ? `of ${averaged} categories` : '';
};

/** s_a, s_g and their gap by category and on average, with intervals; of one judge at a time. */
export function ResultsCard({ judged }: { readonly judged: JudgedRun }) {
  const { run, judge, tally, choose } = judged;
  const summary = useMemo(() => summarize(tally.scored), [tally]);
  const rows = inOrder([...CATEGORIES, ...summary.categories.keys()]);
  const averaged = [...summary.categories.keys()].filter(isOfPaper).length;
  const intervals = useIntervals(`${run.id} ${judge === null ? '' : judgeKey(judge)}`, tally.scored);
  return (
    <Card aria-label="Results">
      <CardHeader className="h-auto! min-h-9 flex-wrap py-1">
        <h2 className="font-semibold">Results</h2>
        <span className="min-w-0 truncate text-mut">{judge === null ? '' : `judged by ${judge.title}`}</span>
        <span className="flex-1" />
        {run.judges.length > 1 && judge !== null && (
          <Segmented
            label="Judge"
            value={judgeKey(judge)}
            options={run.judges.map((each) => ({
              value: judgeKey(each),
              label: each.id === 'imported' ? each.version : each.title,
              title: each.title,
            }))}
            onChange={(key) => {
              const next = run.judges.find((each) => judgeKey(each) === key);
              if (next) choose(next);
            }}
          />
        )}
      </CardHeader>
      <div className="scroll-x">
        <table className="w-full border-collapse">
          <caption className="sr-only">Scores by category, in percent, with 95 % intervals</caption>
          <thead>
            <tr className="text-mut">
              <th scope="col" className="py-1.5 pl-3.5 text-left font-normal">
                percent
              </th>
              <th scope="col" className="px-2 text-right font-normal">
                pairs
              </th>
              {measures.map((measure) => (
                <th key={measure} scope="col" className="px-2 text-right font-normal last:pr-3.5">
                  {/* The colours of the bars beside the numbers. */}
                  {measure !== 'gap' && (
                    <i
                      aria-hidden
                      className={`mr-1 inline-block h-2 w-1 align-baseline max-sm:hidden ${measure === 'sa' ? 'bg-a' : 'bg-d'}`}
                    />
                  )}
                  <Measure of={measure} />
                </th>
              ))}
              <td className="w-[30%] pr-3.5 max-sm:hidden" />
            </tr>
          </thead>
          <tbody>
            {rows.map((category) => {
              const means = summary.categories.get(category);
              return (
                <Row
                  key={category}
                  name={shortName(category)}
                  pairs={means?.pairs ?? 0}
                  means={means}
                  intervals={intervals.categories.get(category)}
                />
              );
            })}
            <Row
              name="Average"
              note={averageNote(averaged, rows.length - CATEGORIES.length)}
              pairs={tally.scored.length}
              means={summary.average ?? undefined}
              intervals={intervals.average ?? undefined}
              strong
            />
          </tbody>
        </table>
      </div>
      <p className="border-t border-line px-3.5 py-2 text-[13px] leading-snug text-mut">
        Small numbers: 95 % bootstrap intervals over the pairs of a category ({RESAMPLES.toLocaleString('en')}{' '}
        resamples). The average is the mean of the categories, not of all pairs.
        {judge !== null && (
          <>
            {' '}
            Judge <span className="num">{judgeKey(judge)}</span>.
          </>
        )}
      </p>
    </Card>
  );
}

interface RowProps {
  readonly name: string;
  readonly note?: string;
  readonly pairs: number;
  readonly means: Means | undefined;
  readonly intervals: Intervals | undefined;
  readonly strong?: boolean;
}

function Row({ name, note = '', pairs, means, intervals, strong = false }: RowProps) {
  return (
    <tr className={strong ? 'border-t border-edge font-semibold' : 'border-t border-line'}>
      <th scope="row" className={`py-1.5 pl-3.5 text-left ${strong ? 'font-semibold' : 'font-normal'}`}>
        {name}
        {note !== '' && <span className="block text-[13px] font-normal text-mut">{note}</span>}
      </th>
      <td className="num px-2 text-right font-normal text-mut">{pairs}</td>
      {measures.map((measure) => (
        <td key={measure} className="num px-2 text-right">
          {percent(means?.[measure])}
          <span className="block text-[13px] leading-tight font-normal whitespace-nowrap text-mut">
            {intervals ? interval(intervals[measure]) : ' '}
          </span>
        </td>
      ))}
      <td className="w-[30%] pr-3.5 pl-1 max-sm:hidden">
        {means !== undefined && <Dots means={means} intervals={intervals} />}
      </td>
    </tr>
  );
}

/** s_a and s_g from 0 to 100 with their intervals; the bar between them is the gap. The table says the same in numbers. */
function Dots({ means, intervals }: { readonly means: Means; readonly intervals: Intervals | undefined }) {
  const x = (value: number): number => 4 + 192 * value;
  return (
    <svg viewBox="0 0 200 22" className="h-[22px] w-full min-w-24" aria-hidden preserveAspectRatio="none">
      <line x1={x(0)} x2={x(1)} y1="11" y2="11" stroke="var(--line)" vectorEffect="non-scaling-stroke" />
      {intervals !== undefined && (
        <>
          <line
            x1={x(intervals.sa[0])}
            x2={x(intervals.sa[1])}
            y1="6"
            y2="6"
            stroke="var(--a)"
            strokeWidth="1.5"
            vectorEffect="non-scaling-stroke"
          />
          <line
            x1={x(intervals.sg[0])}
            x2={x(intervals.sg[1])}
            y1="16"
            y2="16"
            stroke="var(--d)"
            strokeWidth="1.5"
            vectorEffect="non-scaling-stroke"
          />
        </>
      )}
      <line
        x1={x(means.sg)}
        x2={x(means.sa)}
        y1="11"
        y2="11"
        stroke="var(--edge)"
        strokeWidth="3"
        vectorEffect="non-scaling-stroke"
      />
      <rect x={x(means.sa) - 2} y="1.5" width="4" height="9" fill="var(--a)" />
      <rect x={x(means.sg) - 2} y="11.5" width="4" height="9" fill="var(--d)" />
    </svg>
  );
}
