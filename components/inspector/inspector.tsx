'use client';
import clsx from 'clsx';
import { Fragment } from 'react';
import { cellKindAt, cellKindNames } from '@/components/token-grid/cell-kind';
import { useCodebook } from '@/components/token-grid/codebook';
import { KindMark } from '@/components/token-grid/kind-mark';
import { useMediaQuery } from '@/components/token-grid/use-media-query';
import { Kbd } from '@/components/ui/kbd';
import type { Pair, Side } from '@/lib/domain';
import { modelFolder } from '@/lib/models';
import { useBench, useBenchActions } from '@/lib/state';
import { activeStep, type Frame } from '@/lib/state/bench';
import { useIsArchived } from '@/lib/state/models';
import { CodeThumbnail } from './code-thumbnail';
import { distributionWords } from './distribution-words';
import { formatProbability } from './format';
import { Taken } from './taken';
import { type Known, mergeTopTokens } from './top-tokens';
import { inspectorRows } from './trace-numbers';

const sides = ['a', 'b'] as const;
const sideText = { a: 'text-a', b: 'text-b' } as const;
const sideFill = { a: 'bg-a', b: 'bg-b' } as const;
const TOP_ROWS = 8;
/** A projector's screen has room for fewer; `others` takes the rest. */
const SHORT_TOP_ROWS = 5;
const SHORT_SCREEN = '(max-height: 760px) and (min-width: 1180px)';

/** Everything known of the active cell: the locked one, or else that which is pointed at. */
export function Inspector() {
  const step = useBench(activeStep);
  const locked = useBench((state) => state.lockedStep !== null);
  const frame = useBench((state) => state.frame);
  const isDrawn = useBench((state) => {
    const active = activeStep(state);
    return active !== null && active < state.drawn;
  });
  const actions = useBenchActions();
  if (frame === null || step === null) return null;
  return (
    <section aria-label="Inspector" className="@container min-w-0">
      <div className="flex h-9 items-center gap-2 px-3 whitespace-nowrap short:h-8">
        <h2 className="text-[14px] font-semibold">
          Row {Math.floor(step / frame.grid.columns)}, column {step % frame.grid.columns}
        </h2>
        <span className="truncate text-mut">
          step {step} · {locked ? 'locked' : 'preview'}
        </span>
        <span className="flex-1" />
        {locked && (
          <button
            type="button"
            onClick={() => actions.lock(null)}
            className="inline-flex h-7 items-center gap-1.5 rounded-md px-2 hover:bg-soft"
          >
            Free <Kbd>Esc</Kbd>
          </button>
        )}
      </div>
      {isDrawn ? (
        <Cell frame={frame} step={step} />
      ) : (
        <p className="px-3 pb-3 text-mut">This cell is not drawn yet. Its numbers appear as soon as its tokens do.</p>
      )}
    </section>
  );
}

function Cell({ frame, step }: { readonly frame: Frame; readonly step: number }) {
  const { trace } = frame;
  const isArchived = useIsArchived(modelFolder(frame));
  const token: Pair<number> = { a: frame.tokens.a[step] ?? -1, b: frame.tokens.b[step] ?? -1 };
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-2 px-3 pb-3 short:gap-1.5 short:px-2 short:pb-2">
      <div className="grid grid-cols-2 gap-2">
        {sides.map((side) => (
          <Taken key={side} side={side} token={token[side]} frame={frame} step={step} />
        ))}
      </div>
      <div>
        <Kind frame={frame} step={step} />
        <Candidates frame={frame} step={step} token={token} />
      </div>
      <Numbers frame={frame} step={step} />
      {trace.probability === undefined && (
        <p className="text-[13px] text-mut">
          A link carries tokens, prompt divergence and cross scores only
          {isArchived ? '.' : '; Rerun here computes the rest.'}
        </p>
      )}
    </div>
  );
}

function Kind({ frame, step }: { readonly frame: Frame; readonly step: number }) {
  const kind = cellKindAt(frame, step, useCodebook());
  return (
    <p className="flex items-center gap-1.5 pb-1 text-mut">
      {kind !== 'same' && <KindMark kind={kind} className="text-d" />}
      {cellKindNames[kind]}
    </p>
  );
}

const knownText = ({ value, isBound }: Known): string => {
  if (!isBound) return formatProbability(value);
  return value < 0.01 ? '<.01' : `≤${value.toFixed(2).slice(1)}`;
};

function Candidates({
  frame,
  step,
  token,
}: {
  readonly frame: Frame;
  readonly step: number;
  readonly token: Pair<number>;
}) {
  const isShort = useMediaQuery(SHORT_SCREEN);
  const merged = mergeTopTokens(frame.trace, step, token, isShort ? SHORT_TOP_ROWS : TOP_ROWS);
  if (merged === null) return null;
  return (
    <table className="w-full border-collapse">
      <caption className="sr-only">Most likely tokens of both sides, {distributionWords(frame.settings)}</caption>
      <thead className="sr-only">
        <tr>
          <th scope="col">Token</th>
          <th scope="col">Probability as bars</th>
          <th scope="col">A</th>
          <th scope="col">B</th>
        </tr>
      </thead>
      <tbody>
        {merged.rows.map((row) => (
          <tr key={row.token} className="h-[17px] short:h-[16px]">
            <th scope="row" className="w-[66px] p-0 text-left font-normal">
              <span className="flex items-center gap-1.5">
                <CodeThumbnail code={row.token} className="size-[15px] rounded-[3px] short:size-[13px]" />
                <span className="num text-[13px] text-mut">{row.token}</span>
                {sides.map((side) => row.token === token[side] && <Drawn key={side} side={side} />)}
              </span>
            </th>
            <td className="p-0">
              <Bars a={row.probability.a} b={row.probability.b} />
            </td>
            {sides.map((side) => (
              <td
                key={side}
                title={
                  row.probability[side].isBound
                    ? 'Not among the eight most likely tokens of this side: at most this'
                    : undefined
                }
                className={clsx(
                  'num w-[42px] p-0 text-right text-[13px]',
                  row.token === token[side] ? 'font-medium text-ink' : 'text-mut',
                )}
              >
                {knownText(row.probability[side])}
              </td>
            ))}
          </tr>
        ))}
        <tr className="h-[17px] text-mut short:h-[16px]">
          <th scope="row" className="p-0 text-left text-[13px] font-normal">
            others
          </th>
          <td className="p-0">
            <Bars a={{ value: merged.others.a, isBound: false }} b={{ value: merged.others.b, isBound: false }} faint />
          </td>
          {sides.map((side) => (
            <td key={side} className="num p-0 text-right text-[13px]">
              {formatProbability(merged.others[side])}
            </td>
          ))}
        </tr>
      </tbody>
    </table>
  );
}

/** Says whose token a candidate became. */
function Drawn({ side }: { readonly side: Side }) {
  return (
    <b
      className={clsx('text-[13px] leading-none font-bold', sideText[side])}
      title={`Drawn on side ${side.toUpperCase()}`}
    >
      {side.toUpperCase()}
    </b>
  );
}

function Bars({ a, b, faint = false }: { readonly a: Known; readonly b: Known; readonly faint?: boolean }) {
  const probability = { a, b };
  return (
    <div aria-hidden className={clsx('grid gap-px px-1.5', faint && 'opacity-45')}>
      {sides.map((side) => (
        <i
          key={side}
          className={clsx('block h-[5px] min-w-px rounded-[2px]', sideFill[side])}
          style={{ width: probability[side].isBound ? 0 : `${probability[side].value * 100}%` }}
        />
      ))}
    </div>
  );
}

function Numbers({ frame: { settings, trace }, step }: { readonly frame: Frame; readonly step: number }) {
  const groups = [
    { title: `as sampled, ${distributionWords(settings)}`, rows: inspectorRows(trace, step, 'sampled') },
    {
      title: 'what the prompts alone change: free of guidance, mask and temperature',
      rows: inspectorRows(trace, step, 'guidance-free'),
    },
  ];
  return (
    <table className="w-full border-collapse">
      <caption className="sr-only">Numbers of this cell</caption>
      <thead className="sr-only">
        <tr>
          <th scope="col">Quantity</th>
          <th scope="col">A</th>
          <th scope="col">B</th>
        </tr>
      </thead>
      <tbody>
        {groups
          .filter((group) => group.rows.length > 0)
          .map((group) => (
            <Fragment key={group.title}>
              <tr>
                <th
                  colSpan={3}
                  scope="rowgroup"
                  className="border-t border-line pt-1 text-left text-[13px] leading-[17px] font-normal text-mut"
                >
                  {group.title}
                </th>
              </tr>
              {group.rows.map((row) => (
                <tr key={row.name} title={row.explanation} className="h-[19px] short:h-[17px]">
                  <th scope="row" className="p-0 text-left font-normal whitespace-nowrap text-mut">
                    {row.name}
                    {row.unit !== undefined && <span className="ml-1 text-[13px]">{row.unit}</span>}
                  </th>
                  {row.texts.map((text, i) => (
                    <td
                      key={i}
                      colSpan={row.texts.length === 1 ? 2 : 1}
                      className={clsx('num p-0 text-right', row.texts.length > 1 && 'w-[56px]')}
                    >
                      {text}
                    </td>
                  ))}
                </tr>
              ))}
            </Fragment>
          ))}
      </tbody>
    </table>
  );
}
