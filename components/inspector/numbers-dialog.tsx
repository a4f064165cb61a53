'use client';
import clsx from 'clsx';
import { memo, useState } from 'react';
import { cellKindAt, cellKindNames } from '@/components/token-grid/cell-kind';
import { type Codebook, useCodebook } from '@/components/token-grid/codebook';
import { useSettled } from '@/components/token-grid/use-settled';
import { Dialog } from '@/components/ui/dialog';
import { Segmented } from '@/components/ui/segmented';
import { useBench } from '@/lib/state';
import type { Frame } from '@/lib/state/bench';
import { distributionWords } from './distribution-words';
import { type NumberColumn, numberColumns } from './trace-numbers';

const choices = [
  { value: 'all', label: 'all steps' },
  { value: 'different', label: 'where tokens differ' },
] as const;

const columnsOf = ({ tokens, trace }: Frame): readonly NumberColumn[] => [
  {
    name: 'token',
    explanation: 'Code of the image token',
    sided: true,
    cells: (step) => [tokens.a, tokens.b].map((items) => String(items[step] ?? '')),
  },
  ...numberColumns(trace),
];

/** Every number of the comparison as one table: what the grids and the chart show, for those who do not see them. */
export function NumbersDialog({
  open,
  onOpenChange,
}: {
  readonly open: boolean;
  readonly onOpenChange: (open: boolean) => void;
}) {
  const rounded = useBench((state) => state.frame?.trace.precision === 'rounded');
  const settings = useBench((state) => state.frame?.settings);
  const sampled = settings === undefined ? '' : `, ${distributionWords(settings)}`;
  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      title="All numbers"
      description={`p, rank, entropy and side divergence as sampled${sampled}; prompt divergence and cross score free of guidance, mask and temperature${rounded ? ', rounded as the link carries them' : ''}. Divergences, entropy and scores in bits.`}
      className="w-[min(940px,calc(100vw-24px))]!"
    >
      {open && <NumbersTable />}
    </Dialog>
  );
}

function NumbersTable() {
  const frame = useBench((state) => state.frame);
  const drawn = useSettled((state) => state.drawn);
  const codebook = useCodebook();
  const [choice, setChoice] = useState<(typeof choices)[number]['value']>('all');
  if (frame === null) return null;
  const known = columnsOf(frame);
  const steps = Array.from({ length: drawn }, (_, step) => step).filter(
    (step) => choice === 'all' || frame.tokens.a[step] !== frame.tokens.b[step],
  );
  return (
    <div className="grid gap-3">
      <Segmented
        label="Which steps"
        value={choice}
        options={choices}
        onChange={setChoice}
        className="justify-self-start"
      />
      <div className="-mx-5 scroll-x px-5">
        <table className="num w-full border-collapse text-right text-[13px] whitespace-nowrap">
          <caption className="sr-only">Numbers of every step drawn</caption>
          <thead className="font-sans text-mut">
            <tr>
              {['step', 'row', 'column'].map((name) => (
                <th key={name} scope="col" rowSpan={2} className="pr-3 text-right align-bottom font-normal">
                  {name}
                </th>
              ))}
              {known.map((column) => (
                <th
                  key={column.name}
                  scope={column.sided ? 'colgroup' : 'col'}
                  colSpan={column.sided ? 2 : 1}
                  rowSpan={column.sided ? 1 : 2}
                  title={column.explanation}
                  className="pl-4 text-right align-bottom font-normal"
                >
                  {column.name}
                </th>
              ))}
              <th scope="col" rowSpan={2} className="pl-4 text-left align-bottom font-normal">
                kind
              </th>
            </tr>
            <tr>
              {known
                .filter((column) => column.sided)
                .flatMap((column) =>
                  (['a', 'b'] as const).map((side) => (
                    <th
                      key={column.name + side}
                      scope="col"
                      className={clsx('pl-4 text-right font-bold', side === 'a' ? 'text-a' : 'text-b')}
                    >
                      {side.toUpperCase()}
                    </th>
                  )),
                )}
            </tr>
          </thead>
          <tbody>
            {steps.map((step) => (
              <NumbersRow key={step} frame={frame} step={step} columns={known} codebook={codebook} />
            ))}
          </tbody>
        </table>
        {steps.length === 0 && (
          <p className="pt-3 text-mut">
            {drawn === 0 ? 'Nothing is drawn yet.' : 'The two sides have the same tokens.'}
          </p>
        )}
      </div>
    </div>
  );
}

interface RowProps {
  readonly frame: Frame;
  readonly step: number;
  readonly columns: readonly NumberColumn[];
  readonly codebook: Codebook | null;
}

const NumbersRow = memo(function NumbersRow({ frame, step, columns: known, codebook }: RowProps) {
  const kind = cellKindAt(frame, step, codebook);
  return (
    <tr className={clsx('h-[22px] border-t border-line', kind === 'different' && 'bg-soft/60')}>
      <th scope="row" className="pr-3 font-normal">
        {step}
      </th>
      <td className="pr-3 text-mut">{Math.floor(step / frame.grid.columns)}</td>
      <td className="pr-3 text-mut">{step % frame.grid.columns}</td>
      {known.flatMap((column) =>
        column.cells(step).map((text, i) => (
          <td key={`${column.name} ${i}`} className="pl-4">
            {text}
          </td>
        )),
      )}
      <td className="pl-4 text-left font-sans text-mut">{kind === 'same' ? '' : cellKindNames[kind]}</td>
    </tr>
  );
});
