'use client';
import { useQuery } from '@tanstack/react-query';
import Link from 'next/link';
import { useState } from 'react';
import { formatProbability } from '@/components/inspector/format';
import { Button } from '@/components/ui/button';
import { SideBadge } from '@/components/ui/side-badge';
import { Tabs } from '@/components/ui/tabs';
import { verdict } from '@/lib/judge';
import { modelFolder } from '@/lib/models';
import { meansOf } from '@/lib/paircomp';
import { usePairDrawer } from '@/lib/state';
import { onPress, problemOf, publicPath } from '@/lib/state/page';
import { categoryNames, type Example, exampleQuery, useExamples } from '@/lib/state/sharing';

const sides = ['a', 'b'] as const;

/** The benchmark's question, on a recorded pair of every category. */
export function Question() {
  const examples = useExamples().data;
  const [chosen, setChosen] = useState<string | null>(null);
  const example = examples?.find(({ id }) => id === chosen) ?? examples?.[0];
  return (
    <>
      <p className="max-w-[68ch]">
        PairComp is a list of prompt pairs that differ in one fine-grained point, in six categories. A model draws both;
        a judge is asked of each picture whether it matches its prompt, and answers with a probability. A pair’s scores
        are averaged in two ways: s<sub>a</sub> is their mean, s<sub>g</sub> their geometric mean, which is near 0 as
        soon as one picture is wrong. The gap s<sub>a</sub> − s<sub>g</sub> says how often a model gets one prompt right
        and not its twin.
      </p>
      {examples !== undefined && example !== undefined && (
        <>
          <Tabs
            label="Category of the recorded pair"
            value={example.id}
            options={examples.map(({ id, category }) => ({ value: id, label: categoryNames[category] ?? category }))}
            onChange={setChosen}
          />
          <div role="tabpanel" aria-label={categoryNames[example.category] ?? example.category}>
            <Recorded example={example} key={example.id} />
          </div>
        </>
      )}
    </>
  );
}

function Recorded({ example }: { readonly example: Example }) {
  const recorded = useQuery(exampleQuery(example));
  const loaded = recorded.data;
  const pairDrawer = usePairDrawer();
  const [asked, setAsked] = useState(false);
  const folder = loaded && modelFolder(loaded.comparison);
  const judged = useQuery({
    queryKey: ['story-judgement', example.id, folder],
    queryFn: ({ signal }) => {
      if (loaded === undefined || folder === undefined) throw new Error('Asked to judge what is not loaded.');
      return pairDrawer.judge(folder, loaded.comparison.prompts, loaded.comparison.tokens, signal);
    },
    enabled: asked && loaded !== undefined,
    staleTime: Infinity,
    ...onPress,
  });
  const { aForA, bForB } = judged.data ?? { aForA: null, bForB: null };
  const means = aForA !== null && bForB !== null ? meansOf([aForA, bForB]) : null;
  return (
    <div className="grid grid-cols-2 items-start gap-4 max-sm:gap-3 sm:grid-cols-[minmax(0,1fr)_minmax(0,1fr)_minmax(0,1.1fr)]">
      {sides.map((side) => (
        <figure key={side} className="grid gap-1.5">
          {/* A recorded picture, pixel by pixel. */}
          <img
            src={publicPath(example[side])}
            alt={loaded ? `Picture ${side.toUpperCase()}: ${loaded.comparison.prompts[side]}` : ''}
            width={192}
            height={192}
            className="aspect-square w-full rounded-md border border-line bg-white"
          />
          <figcaption className="flex items-start gap-1.5 leading-5">
            <SideBadge side={side} />
            <bdi className="min-w-0">{loaded?.comparison.prompts[side]}</bdi>
          </figcaption>
        </figure>
      ))}
      <div className="grid content-start gap-2 max-sm:col-span-2" aria-live="polite">
        {judged.data ? (
          <>
            <dl className="grid grid-cols-[auto_1fr] gap-x-3 gap-y-1">
              {(
                [
                  ['P(yes) of A for its prompt', aForA === null ? 'not read' : formatProbability(aForA)],
                  ['P(yes) of B for its prompt', bForB === null ? 'not read' : formatProbability(bForB)],
                  [
                    <>
                      s<sub>a</sub>, their mean
                    </>,
                    means === null ? '–' : formatProbability(means.sa),
                  ],
                  [
                    <>
                      s<sub>g</sub>, their geometric mean
                    </>,
                    means === null ? '–' : formatProbability(means.sg),
                  ],
                ] as const
              ).map(([name, value], place) => (
                <div key={place} className="contents">
                  <dt className="text-mut">{name}</dt>
                  <dd className="num text-right font-semibold">{value}</dd>
                </div>
              ))}
            </dl>
            <p>{verdict(judged.data, loaded?.comparison.prompts ?? { a: '', b: '' })}</p>
            <p className="text-[13px] text-mut">
              {judged.data.judge}: a small model’s answer, not the truth. The benchmark takes two pictures a prompt.
            </p>
          </>
        ) : (
          <>
            <p className="text-mut">A recorded pair, drawn by the model of this page.</p>
            {recorded.isError && (
              <>
                <p role="alert" className="text-bad">
                  This pair could not be fetched. Check the connection and try again.
                </p>
                <Button onClick={() => void recorded.refetch()} className="justify-self-start">
                  Try again
                </Button>
              </>
            )}
            {judged.error !== null && (
              <p role="alert" className="text-bad">
                {problemOf(judged.error)}
              </p>
            )}
            {judged.data === null ? (
              <p className="text-mut">No judge reads this model’s pictures.</p>
            ) : (
              <Button
                disabled={loaded === undefined || (asked && judged.isFetching)}
                onClick={() => (asked ? void judged.refetch() : setAsked(true))}
                className="justify-self-start"
              >
                {asked && judged.isFetching ? 'The judge looks…' : 'Ask the judge'}
              </Button>
            )}
          </>
        )}
        <p className="text-[13px] text-mut">
          The whole benchmark runs on the page{' '}
          <Link href="/paircomp" className="underline underline-offset-3">
            PairComp
          </Link>
          .
        </p>
      </div>
    </div>
  );
}
