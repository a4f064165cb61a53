import type { ReactNode } from 'react';
import { Card } from '@/components/ui/card';

/** One titled part of the page. */
export function Part({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <Card aria-label={title} className="grid content-start gap-2.5 p-4">
      <h2 className="text-[15px] font-semibold tracking-tight">{title}</h2>
      {children}
    </Card>
  );
}

/** Names and values; a value that is not there is left out with its name. */
export function Facts({ rows }: { readonly rows: readonly (readonly [name: string, value: ReactNode])[] }) {
  const known = rows.filter(([, value]) => value !== undefined && value !== null && value !== '');
  if (known.length === 0) return null;
  return (
    <dl className="grid grid-cols-[auto_1fr] gap-x-4 gap-y-1">
      {known.map(([name, value]) => (
        <div key={name} className="contents">
          <dt className="text-mut">{name}</dt>
          <dd className="min-w-0 break-words">{value}</dd>
        </div>
      ))}
    </dl>
  );
}

export interface Column<Row> {
  readonly name: string;
  readonly value: (row: Row) => string | undefined;
}

interface NumberTableProps<Row> {
  readonly caption: string;
  readonly first: string;
  readonly rows: readonly (readonly [name: string, row: Row])[];
  readonly columns: readonly Column<Row>[];
  /** The last row sums up the others. */
  readonly summedUp?: boolean;
}

/** Rows of numbers under named columns; a column without any number is left out. */
export function NumberTable<Row>({ caption, first, rows, columns, summedUp = false }: NumberTableProps<Row>) {
  const shown = columns.filter(({ value }) => rows.some(([, row]) => value(row) !== undefined));
  return (
    <div className="-mx-1 scroll-x px-1" role="region" aria-label={caption} tabIndex={0}>
      <table className="w-full border-collapse whitespace-nowrap">
        <caption className="sr-only">{caption}</caption>
        <thead>
          <tr className="text-mut">
            <th scope="col" className="py-1 pr-4 text-left align-bottom font-normal">
              {first}
            </th>
            {shown.map(({ name }) => (
              <th key={name} scope="col" className="py-1 pl-4 text-right align-bottom font-normal whitespace-normal">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(([name, row]) => (
            <tr key={name} className={`border-t border-line ${summedUp ? 'last:font-semibold' : ''}`}>
              <th scope="row" className="min-w-32 py-1 pr-4 text-left align-top font-normal whitespace-normal">
                {name}
              </th>
              {shown.map((column) => (
                <td key={column.name} className="num py-1 pl-4 text-right">
                  {column.value(row) ?? '–'}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
