'use client';
import clsx from 'clsx';
import { useMemo } from 'react';
import type { ReactNode } from 'react';
import { VerdictMark } from '@/components/bench/judge-view';
import { settingsWords } from '@/components/bench/settings-words';
import { formatProbability } from '@/components/inspector/format';
import { KindMark } from '@/components/token-grid/kind-mark';
import { Button } from '@/components/ui/button';
import { PromptText } from '@/components/ui/prompt-text';
import { SideBadge } from '@/components/ui/side-badge';
import type { Grid, Pair, Side } from '@/lib/domain';
import { type JudgedPair, verdict } from '@/lib/judge';
import { type CodebookVectors, diffTokens, type TokenDifference } from '@/lib/measures';
import { withVisibleMarks } from '@/lib/prompts';
import { useController, useVersus, useVersusState } from '@/lib/state';
import { useBundledCodebook, useNameAmongModels } from '@/lib/state/models';
import type { VersusRow } from '@/lib/state/versus';
import { DifferenceMap, differenceWords } from './difference-map';
import { SheetPicture } from './sheet-picture';

const sides = ['a', 'b'] as const;

/** Before the first token; every bundled model draws on it. */
const BLANK: Grid = { rows: 12, columns: 12 };

const columns = 'grid grid-cols-[repeat(3,minmax(0,1fr))] gap-x-2.5 sm:gap-x-4';

/** Two models by two prompts: pictures, what the judge makes of them, and which tokens differ along both axes. */
export function VersusSheet({ onOpened }: { readonly onOpened: () => void }) {
  const sheet = useVersusState((state) => state.sheet);
  if (sheet === null) return null;
  const { prompts, settings, rows, opened } = sheet;
  return (
    <section aria-label="Sheet" className="grid gap-3">
      <div className={clsx(columns, 'items-end border-b border-line pb-1.5')}>
        {sides.map((side) => (
          <span key={side} className="flex items-start gap-1.5">
            <SideBadge side={side} />
            <PromptText className="min-w-0 leading-5 break-words">{prompts[side]}</PromptText>
          </span>
        ))}
        <span className="text-mut">A against B</span>
      </div>
      {([0, 1] as const).map((index) => (
        <Row key={index} index={index} row={rows[index]} prompts={prompts} opened={opened} onOpened={onOpened} />
      ))}
      <Across rows={rows} />
      <p className="text-[13px] text-mut">
        {opened ? 'The author’s result' : 'Drawn here'} · {settingsWords(settings)} · the same noise for both models
      </p>
    </section>
  );
}

const useDifference = (
  one: Int32Array | undefined,
  other: Int32Array | undefined,
  steps: number,
  codebook: CodebookVectors | null,
): TokenDifference | null =>
  useMemo(
    // Only tokens are compared: what a link does not carry would look different to its reader.
    () =>
      one === undefined || other === undefined || steps === 0
        ? null
        : diffTokens({ a: one, b: other }, { steps, codebook }),
    [one, other, steps, codebook],
  );

interface RowProps {
  readonly index: 0 | 1;
  readonly row: VersusRow;
  readonly prompts: Pair<string>;
  /** Somebody else's. */
  readonly opened: boolean;
  readonly onOpened: () => void;
}

function Row({ index, row, prompts, opened, onOpened }: RowProps) {
  const { folder, frame, drawn, images, judged } = row;
  const versus = useVersus();
  const controller = useController();
  const name = useNameAmongModels(folder);
  const codebook = useBundledCodebook(folder);
  const difference = useDifference(frame?.tokens.a, frame?.tokens.b, drawn, codebook?.vectors ?? null);
  const grid = frame?.grid ?? BLANK;
  const isWhole = frame !== null && drawn === grid.rows * grid.columns;
  const open = (): void => {
    const comparison = versus.comparison(index);
    if (comparison === null) return;
    controller.show(comparison, { kind: opened ? 'link' : 'drawn' });
    onOpened();
  };
  return (
    <div role="group" aria-label={name} className="grid gap-1.5">
      <div className="flex flex-wrap items-center gap-x-2.5 gap-y-0.5">
        <h3 className="text-[14px] font-semibold tracking-tight">{name}</h3>
        <span className="num text-[13px] text-mut max-sm:hidden">{folder}</span>
        <span className="flex-1" />
        {isWhole && (
          <Button className="h-6!" onClick={open} title="All numbers of this row: cross scores, divergence, every step">
            To the bench
          </Button>
        )}
      </div>
      <div className={columns}>
        {sides.map((side) => (
          <div key={side} className="grid content-start gap-1">
            <SheetPicture
              label={`${name}, picture ${side.toUpperCase()}: ${withVisibleMarks(prompts[side])}`}
              tokens={frame?.tokens[side] ?? null}
              drawn={drawn}
              grid={grid}
              image={images?.[side] ?? null}
              codebook={codebook}
            />
            {judged && <Scores picture={side} judged={judged} />}
          </div>
        ))}
        <Difference label={`${name}, A against B`} difference={difference} grid={grid} />
      </div>
      {judged && (
        <p className={clsx('text-[13px]', judged.outcome === null && 'text-mut')}>
          <VerdictMark outcome={judged.outcome} /> {verdict(judged, prompts)}
        </p>
      )}
      {judged === null && <p className="text-[13px] text-mut">No judge reads this model’s pictures.</p>}
    </div>
  );
}

/** P(yes) of one picture for both prompts; the one that it prefers stands out. */
function Scores({
  picture,
  judged: { aForA, aForB, bForA, bForB },
}: {
  readonly picture: Side;
  readonly judged: JudgedPair;
}) {
  const of: Pair<number | null> = picture === 'a' ? { a: aForA, b: aForB } : { a: bForA, b: bForB };
  return (
    <dl className="flex flex-wrap gap-x-2.5 gap-y-0.5 text-[13px]">
      {sides.map((prompt) => {
        const [value, other] = [of[prompt], of[prompt === 'a' ? 'b' : 'a']];
        return (
          <div key={prompt} className="flex items-baseline gap-1">
            <dt className="text-mut">
              <span className="max-sm:sr-only">P(yes) </span>for {prompt.toUpperCase()}
            </dt>
            <dd
              className={clsx('num', value !== null && other !== null && value > other ? 'font-semibold' : 'text-mut')}
            >
              {value === null ? 'not read' : formatProbability(value)}
            </dd>
          </div>
        );
      })}
    </dl>
  );
}

function Difference({
  label,
  difference,
  grid,
}: {
  readonly label: string;
  readonly difference: TokenDifference | null;
  readonly grid: Grid;
}) {
  return (
    <div className="grid content-start gap-1">
      <DifferenceMap
        label={difference === null ? label : `${label}: ${differenceWords(difference)}`}
        difference={difference}
        grid={grid}
      />
      <p aria-hidden className="num text-[13px] text-mut">
        {difference === null ? '\u00a0' : differenceWords(difference)}
      </p>
    </div>
  );
}

/** The same prompt on both models. */
function Across({ rows: [one, other] }: { readonly rows: readonly [VersusRow, VersusRow] }) {
  const names = [useNameAmongModels(one.folder), useNameAmongModels(other.folder)];
  const [codebook, another] = [useBundledCodebook(one.folder), useBundledCodebook(other.folder)];
  const steps = Math.min(one.drawn, other.drawn);
  const a = useDifference(one.frame?.tokens.a, other.frame?.tokens.a, steps, codebook?.vectors ?? null);
  const b = useDifference(one.frame?.tokens.b, other.frame?.tokens.b, steps, codebook?.vectors ?? null);
  const grid = one.frame?.grid ?? BLANK;
  const title = `${names[0] ?? ''} against ${names[1] ?? ''}`;
  if (codebook !== null && another !== null && codebook.hash !== another.hash) {
    return (
      <p className="text-[13px] text-mut">
        The two models have different codebooks, so their tokens cannot be compared with each other.
      </p>
    );
  }
  return (
    <div role="group" aria-label={title} className="grid gap-1.5">
      <h3 className="text-[14px] font-semibold tracking-tight">{title}</h3>
      <div className={columns}>
        <Difference label="Picture A on both" difference={a} grid={grid} />
        <Difference label="Picture B on both" difference={b} grid={grid} />
        <div className="grid content-start gap-1.5 text-[13px] text-mut">
          <Legend kind="different">different tokens</Legend>
          <Legend kind="near">near: other tokens that look alike</Legend>
          <p className="max-sm:hidden">
            P(yes): does the picture match the prompt? The judge’s answer, a small model’s, not the truth.
          </p>
        </div>
      </div>
    </div>
  );
}

function Legend({ kind, children }: { readonly kind: 'different' | 'near'; readonly children: ReactNode }) {
  return (
    <span className="flex items-start gap-1.5">
      <span
        className={clsx(
          'mt-px grid size-4 shrink-0 place-items-center rounded-[3px]',
          kind === 'near' ? 'bg-d/45 text-ink' : 'bg-d text-panel',
        )}
      >
        <KindMark kind={kind} />
      </span>
      {children}
    </span>
  );
}
