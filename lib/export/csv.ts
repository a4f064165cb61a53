import {
  arraysOf,
  type Comparison,
  drawnSteps,
  itemsOf,
  type Trace,
  TRACE_MEMBERS,
  type TraceMembers,
} from '@/lib/comparison';
import { shortestFloat32 } from '@/lib/domain';

interface Column {
  readonly header: string;
  readonly value: (step: number) => number | undefined;
}

/** RFC 4180: a field with a comma, quote or line break is quoted. */
const field = (value: number | string | undefined): string => {
  if (value === undefined) return '';
  if (typeof value === 'number')
    return Number.isNaN(value) ? '' : String(Number.isInteger(value) ? value : shortestFloat32(value));
  return /[",\r\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value;
};

/** The columns of the trace's members that are known, in the table's order. */
export const memberColumns = (trace: Trace, members: TraceMembers = TRACE_MEMBERS): readonly Column[] =>
  Object.entries(members).flatMap(([name, member]) => {
    const arrays = arraysOf(trace, name);
    if (arrays === undefined) return [];
    const { csv, entries, inLinks } = member;
    const remark = inLinks && trace.precision === 'rounded' ? `${csv.unit}, rounded` : csv.unit;
    const names = member.sides === 'shared' ? [''] : [' A', ' B'];
    return itemsOf(member, arrays).flatMap((values, side) =>
      Array.from({ length: entries }, (_, index) => ({
        header: `${csv.heading}${entries > 1 ? ` ${index + 1}` : ''}${names[side] ?? ''}${remark && ` (${remark})`}`,
        value: (step: number) => values[step * entries + index],
      })),
    );
  });

const columnsOf = ({ grid, tokens, trace }: Comparison): readonly Column[] => [
  { header: 'step', value: (step) => step },
  { header: 'row', value: (step) => Math.floor(step / grid.columns) },
  { header: 'column', value: (step) => step % grid.columns },
  { header: 'token A', value: (step) => tokens.a[step] },
  { header: 'token B', value: (step) => tokens.b[step] },
  { header: 'tokens differ', value: (step) => (tokens.a[step] === tokens.b[step] ? 0 : 1) },
  ...memberColumns(trace),
];

/**
 * The trace as RFC 4180 CSV: a header that names units, one line a step drawn, CRLF. Members that are not
 * known have no column; a single unknown number is an empty field.
 */
export const traceToCsv = (comparison: Comparison): string => {
  const columns = columnsOf(comparison);
  const lines = [columns.map((column) => field(column.header)).join(',')];
  const steps = drawnSteps(comparison.tokens);
  for (let step = 0; step < steps; step++) lines.push(columns.map((column) => field(column.value(step))).join(','));
  return `${lines.join('\r\n')}\r\n`;
};
