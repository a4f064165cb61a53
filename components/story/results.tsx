'use client';
import { ChevronRight } from 'lucide-react';
import type { ReactNode } from 'react';
import { NumberTable } from '@/components/model-card/card-parts';
import {
  claim,
  differenceOf,
  differenceSentence,
  type GrpoReport,
  type Measure,
  measureNames,
  MEASURES,
  type Method,
  methodNames,
  METHODS,
  outcome,
  points,
  range,
  seedsOf,
} from '@/lib/grpo';
import { shortName } from '@/lib/paircomp';
import { CurvesChart } from './curves-chart';

/** Differences that are told in words, the most telling first. */
const told: readonly { readonly earlier: Method; readonly name: string; readonly measures: readonly Measure[] }[] = [
  { earlier: 'base', name: 'the base', measures: ['s_g', 'bothRight'] },
  { earlier: 'vanilla', name: 'vanilla GRPO', measures: ['s_g', 'gap', 'bothRight'] },
  { earlier: 'supervised', name: 'more supervised training', measures: ['s_g', 'bothRight'] },
];

/** The experiment's numbers, and what they allow to say. */
export function Results({ report }: { readonly report: GrpoReport }) {
  const methods = METHODS.flatMap((method) => {
    const found = report.methods[method];
    return found === undefined ? [] : [{ method, found }];
  });
  const seeds = seedsOf(report);
  const [lead, second] = [outcome(report), claim(report)];
  return (
    <>
      {lead !== null && <p className="max-w-[68ch] text-[15px] leading-relaxed font-medium">{lead}</p>}
      {second !== null && (
        <p className="max-w-[68ch]">
          <Symbols text={second} />
        </p>
      )}
      <ul className="grid max-w-[76ch] list-disc gap-1 pl-4">
        {told.flatMap(({ earlier, name, measures }) => {
          const found = differenceOf(report, 'pair', earlier);
          return found === null
            ? []
            : measures.map((measure) => (
                <li key={`${earlier} ${measure}`}>
                  <Symbols text={differenceSentence(found, measure, 'Pair-GRPO', name)} />
                </li>
              ));
        })}
      </ul>
      <IntervalTable
        caption="Held-out pairs by method, per cent"
        rows={methods.map(({ method, found }) => ({
          name: methodNames[method],
          mean: found.mean.Average,
          interval: found.interval,
        }))}
      />
      <IntervalTable
        caption="Pair-GRPO minus each other method, points"
        signed
        rows={METHODS.flatMap((earlier) => {
          const found = differenceOf(report, 'pair', earlier);
          return found === null ? [] : [{ name: `minus ${methodNames[earlier]}`, ...found }];
        })}
      />
      <p className="max-w-[76ch] text-[13px] text-mut">
        <Symbols text={report.how} /> The intervals tell of other pairs, not of other trainings
        {Number.isFinite(seeds) && `; every method was trained ${['once', 'twice'][seeds - 1] ?? `${seeds} times`}`}.
      </p>
      <CurvesChart curves={report.curves} />
      <More title="Every training by itself">
        <NumberTable
          caption="Averages of every training, per cent"
          first="training"
          rows={methods.flatMap(({ method, found }) =>
            found.seeds.map(
              (values, seed) =>
                [method === 'base' ? methodNames.base : `${methodNames[method]}, seed ${seed}`, values] as const,
            ),
          )}
          columns={MEASURES.map((measure) => ({
            name: measureNames[measure],
            value: (values: Readonly<Record<Measure, number>>) => points(values[measure]),
          }))}
        />
        <NumberTable
          caption="What every training cost"
          first="training"
          rows={Object.entries(report.cost)}
          columns={[
            { name: 'steps', value: ({ steps }: GrpoReport['cost'][string]) => steps.toLocaleString('en') },
            { name: 'CPU minutes', value: ({ cpuSeconds }) => (cpuSeconds / 60).toFixed(0) },
            { name: 'million tokens through the network', value: ({ passes }) => (passes / 1e6).toFixed(2) },
          ]}
        />
      </More>
      {(report.novelty !== undefined || report.steadiness !== undefined) && (
        <More title="Where it is gained">
          {report.novelty !== undefined && <ByNovelty novelty={report.novelty} />}
          {report.steadiness !== undefined && (
            <Titled title="Prompts by how many of their pictures the oracle finds right, per cent">
              <NumberTable
                caption="Prompts by how many of their pictures are right, per cent"
                first="method"
                rows={METHODS.flatMap((method) => {
                  const found = report.steadiness?.[method];
                  return found === undefined ? [] : [[methodNames[method], found] as const];
                })}
                columns={(['all', 'some', 'none'] as const).map((part) => ({
                  name: part,
                  value: (found: Readonly<Record<typeof part, number>>) => points(found[part]),
                }))}
              />
            </Titled>
          )}
        </More>
      )}
      <More title="By category">
        {(['s_g', 'bothRight'] as const).map((measure) => (
          <ByCategory key={measure} methods={methods} measure={measure} />
        ))}
      </More>
    </>
  );
}

/** Points with their sign; what rounds to 0 has none. */
const difference = (value: number): string =>
  value > 0 && points(value) !== '0.0' ? `+${points(value)}` : points(value);

interface IntervalRow {
  readonly name: string;
  readonly mean: Readonly<Record<Measure, number>> | undefined;
  readonly interval: Readonly<Record<Measure, readonly [number, number]>>;
}

/** Numbers with their intervals below; of differences, those whose interval leaves out 0 stand out. */
function IntervalTable({
  caption,
  rows,
  signed = false,
}: {
  readonly caption: string;
  readonly rows: readonly IntervalRow[];
  readonly signed?: boolean;
}) {
  const number = (value: number | undefined): string =>
    value === undefined ? '–' : signed ? difference(value) : points(value);
  const stands = ([low, high]: readonly [number, number]): boolean => !signed || low > 0 || high < 0;
  return (
    <div className="-mx-1 scroll-x px-1" role="region" aria-label={caption} tabIndex={0}>
      <table className="w-full border-collapse">
        <caption className="pb-1 text-left text-[13px] text-mut">
          <span className="sticky left-0 inline-block max-w-[80vw]">{caption}, with 95&nbsp;% intervals</span>
        </caption>
        <thead>
          <tr className="text-mut">
            <td />
            {MEASURES.map((measure) => (
              <th key={measure} scope="col" className="py-1 pl-3 text-right font-normal whitespace-nowrap">
                <Symbols text={measureNames[measure]} />
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(({ name, mean, interval }) => (
            <tr key={name} className="border-t border-line align-top">
              <th scope="row" className="sticky left-0 bg-panel bg-clip-padding py-1.5 pr-3 text-left font-normal">
                {name}
              </th>
              {MEASURES.map((measure) => (
                <td key={measure} className="num py-1.5 pl-3 text-right whitespace-nowrap">
                  <span className={stands(interval[measure]) ? 'font-semibold' : 'text-mut'}>
                    {number(mean?.[measure])}
                  </span>
                  <span className="block text-[13px] text-mut">{range(interval[measure])}</span>
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** A text with s_a and s_g as they are written in formulas. */
function Symbols({ text }: { readonly text: string }) {
  return text.split(/(s_[ag])/).map((part, place) =>
    /^s_[ag]$/.test(part) ? (
      <span key={place}>
        s<sub>{part.at(-1)}</sub>
      </span>
    ) : (
      part
    ),
  );
}

const novelties = { unseen: 'a combination that training never names', others: 'nothing new' } as const;

function ByNovelty({ novelty }: { readonly novelty: NonNullable<GrpoReport['novelty']> }) {
  const rows = (['unseen', 'others'] as const).flatMap((kind) => {
    const found = novelty[kind];
    return found === undefined ? [] : [[novelties[kind], found] as const];
  });
  const trained = METHODS.filter((method) => rows.some(([, { more }]) => more[method] !== undefined));
  return (
    <Titled title="Pictures right by the oracle, by what their prompt names: per cent of the base, and how many points more after training">
      <NumberTable
        caption="Pictures right by what their prompt names, with 95 % intervals"
        first="the prompt names"
        rows={rows}
        columns={[
          { name: 'prompts', value: ({ prompts }: (typeof rows)[number][1]) => prompts.toLocaleString('en') },
          { name: methodNames.base, value: ({ right }) => (right.base === undefined ? undefined : points(right.base)) },
          ...trained.map((method) => ({
            name: methodNames[method],
            value: ({ more }: (typeof rows)[number][1]) => {
              const found = more[method];
              return found && `${difference(found.mean)} (${range(found.interval)})`;
            },
          })),
        ]}
      />
    </Titled>
  );
}

interface ByCategoryProps {
  readonly methods: readonly { readonly method: Method; readonly found: NonNullable<GrpoReport['methods'][Method]> }[];
  readonly measure: Measure;
}

function ByCategory({ methods, measure }: ByCategoryProps) {
  const categories = Object.keys(methods[0]?.found.mean ?? {});
  return (
    <Titled
      title={`${measure === 's_g' ? 's_g by the judge' : 'both pictures of a pair right by the oracle'}, per cent`}
    >
      <NumberTable
        caption={`${measureNames[measure]} by category, per cent`}
        summedUp
        first="category"
        rows={categories.map((category) => [shortName(category), category] as const)}
        columns={methods.map(({ method, found }) => ({
          name: methodNames[method],
          value: (category: string) => {
            const values = found.mean[category];
            return values && points(values[measure]);
          },
        }))}
      />
    </Titled>
  );
}

function Titled({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <div className="grid grid-cols-1 gap-1">
      <h3 className="font-semibold">
        <Symbols text={title} />
      </h3>
      {children}
    </div>
  );
}

function More({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <details className="group border-t border-line pt-2">
      <summary className="flex min-h-6 cursor-pointer list-none items-center gap-1 rounded-md font-medium [&::-webkit-details-marker]:hidden">
        <ChevronRight size={14} aria-hidden className="transition-transform group-open:rotate-90" />
        {title}
      </summary>
      <div className="mt-2 grid grid-cols-1 gap-4">{children}</div>
    </details>
  );
}
