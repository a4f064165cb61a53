'use client';
import clsx from 'clsx';
import { Check, CircleSlash, X } from 'lucide-react';
import Link from 'next/link';
import type { UseQueryResult } from '@tanstack/react-query';
import { formatProbability } from '@/components/inspector/format';
import { Button } from '@/components/ui/button';
import { SideBadge } from '@/components/ui/side-badge';
import type { Pair, Side } from '@/lib/domain';
import { type JudgedPair, type Outcome, OUTCOME_WORDS, verdict } from '@/lib/judge';
import type { JudgementOnScreen } from '@/lib/state';
import { problemOf } from '@/lib/state/page';

const sides = ['a', 'b'] as const;

/** Picture, then prompt. */
const scores = ({ aForA, aForB, bForA, bForB }: JudgedPair): Pair<Pair<number | null>> => ({
  a: { a: aForA, b: aForB },
  b: { a: bForA, b: bForB },
});

export interface JudgeProps {
  readonly judgement: UseQueryResult<JudgementOnScreen>;
  readonly isFinished: boolean;
  readonly prompts: Pair<string>;
}

/** The model's judge on the pair on screen: P(yes) of each picture for both prompts, and what that says. */
export function JudgeView({ judgement, isFinished, prompts }: JudgeProps) {
  const { data, error, refetch } = judgement;
  return (
    <div
      aria-live="polite"
      className="flex aspect-square flex-col justify-center gap-3 overflow-y-auto px-3 py-2 @[340px]:gap-4 @[340px]:px-5"
    >
      {data !== undefined ? (
        <>
          <Table judged={data} />
          <p className={clsx('text-[14px] text-balance', data.outcome === null && 'text-mut')}>
            {verdict(data, prompts)}
          </p>
          {data.outcome !== null && <Preference {...data} />}
          <p className="text-[13px] text-mut">
            {data.title} <span className="num">{data.version}</span> ·{' '}
            {/* In a page of its own, so that a drawing goes on. */}
            <Link
              href="/model"
              target="_blank"
              className="inline-flex min-h-6 items-center underline underline-offset-3"
            >
              how good it is
            </Link>
          </p>
        </>
      ) : error !== null ? (
        <div className="grid justify-items-center gap-2 text-center">
          <p>{problemOf(error, 'asking a judge')}</p>
          <Button onClick={() => void refetch()}>Ask again</Button>
        </div>
      ) : (
        <p className="text-center text-mut">
          {isFinished ? 'The judge looks at the pictures…' : 'The judge answers when both pictures are finished.'}
        </p>
      )}
    </div>
  );
}

function Table({ judged }: { readonly judged: JudgedPair }) {
  const of = scores(judged);
  return (
    <table className="w-full table-fixed border-separate border-spacing-1.5 text-center">
      <caption className="sr-only">P(yes): does the picture match the prompt?</caption>
      <thead>
        <tr>
          <td className="w-[32%] text-left text-[13px] text-mut">P(yes)</td>
          {sides.map((prompt) => (
            <th key={prompt} scope="col" className="font-normal whitespace-nowrap text-mut">
              <Name of="prompt" side={prompt} />
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {sides.map((picture) => (
          <tr key={picture}>
            <th scope="row" className="text-left font-normal whitespace-nowrap text-mut">
              <Name of="picture" side={picture} />
            </th>
            {sides.map((prompt) => (
              <Score
                key={prompt}
                value={of[picture][prompt]}
                other={of[picture][prompt === 'a' ? 'b' : 'a']}
                own={picture === prompt}
              />
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Name({ of, side }: { readonly of: 'picture' | 'prompt'; readonly side: Side }) {
  return (
    <span className="inline-flex items-center gap-1.5">
      {of}
      <SideBadge side={side} />
    </span>
  );
}

/** The prompt that a picture prefers stands out by weight and ground; a frame marks its own. */
function Score({
  value,
  other,
  own,
}: {
  readonly value: number | null;
  readonly other: number | null;
  readonly own: boolean;
}) {
  const preferred = value !== null && other !== null && value > other;
  return (
    <td
      className={clsx('rounded-lg border py-1.5', own ? 'border-edge' : 'border-transparent', preferred && 'bg-soft')}
    >
      {value === null ? (
        <span className="text-[13px] text-mut">not read</span>
      ) : (
        <span className={clsx('num text-[17px]', preferred ? 'font-semibold' : 'text-mut')}>
          {formatProbability(value)}
        </span>
      )}
    </td>
  );
}

/** The verdict in a mark, for the judge's tab: by shape as well as by colour. */
export function VerdictMark({ outcome }: { readonly outcome: Outcome | null | undefined }) {
  if (outcome === null || outcome === undefined) return null;
  const Icon = outcome === 'both' ? Check : outcome === 'neither' ? X : CircleSlash;
  return (
    <>
      <Icon
        size={12}
        aria-hidden
        className={clsx('ml-0.5 inline-block align-[-1px]', outcome === 'both' ? 'text-ok' : 'text-warn')}
      />
      <span className="sr-only">{OUTCOME_WORDS[outcome]}</span>
    </>
  );
}

const signed = (own: number, other: number): string =>
  `${own < other ? '−' : '+'}${formatProbability(Math.abs(own - other))}`;

/** By how much each picture prefers its own prompt: a number beside the verdict, never the verdict. */
function Preference({ aForA, aForB, bForA, bForB }: JudgedPair) {
  if (aForA === null || aForB === null || bForA === null || bForB === null) return null;
  return (
    <p className="text-[13px] text-mut">
      P(yes) for its own prompt over the other: A <span className="num text-ink">{signed(aForA, aForB)}</span>, B{' '}
      <span className="num text-ink">{signed(bForB, bForA)}</span>
    </p>
  );
}
