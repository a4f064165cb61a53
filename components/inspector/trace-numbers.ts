import { arraysOf, itemsOf, type Trace, TRACE_MEMBERS, type TraceMember, type TraceMembers } from '@/lib/comparison';
import { formatNumber, formatProbability, formatSigned } from './format';

type Shown = NonNullable<TraceMember['row']>;

const formatMember = ({ numbers }: TraceMember, { digits, signed }: Shown, value: number | undefined): string => {
  if (numbers === 'rank' || numbers === 'token') return String(value ?? '–');
  if (numbers === 'probability') return formatProbability(value, digits);
  return signed ? formatSigned(value, digits) : formatNumber(value, digits);
};

/** A number of a step as it is shown: one text for each side, or one where both share it. */
export interface ShownNumber {
  readonly name: string;
  readonly unit?: string;
  readonly explanation: string;
  readonly texts: readonly string[];
}

/** The inspector's rows of the members that are known; numbers that a link rounded say so. */
export const inspectorRows = (
  trace: Trace,
  step: number,
  distribution: TraceMember['distribution'],
  members: TraceMembers = TRACE_MEMBERS,
): readonly ShownNumber[] =>
  Object.entries(members).flatMap(([name, member]) => {
    const arrays = arraysOf(trace, name);
    const { row } = member;
    if (row === undefined || arrays === undefined || member.distribution !== distribution) return [];
    const about = member.inLinks && trace.precision === 'rounded' ? '≈' : '';
    return [{ ...row, texts: itemsOf(member, arrays).map((items) => about + formatMember(member, row, items[step])) }];
  });

/** A column of the table of all numbers. */
export interface NumberColumn {
  readonly name: string;
  readonly explanation: string;
  readonly sided: boolean;
  readonly cells: (step: number) => readonly string[];
}

/** The columns of the members that are known. */
export const numberColumns = (trace: Trace, members: TraceMembers = TRACE_MEMBERS): readonly NumberColumn[] =>
  Object.entries(members).flatMap(([name, member]) => {
    const arrays = arraysOf(trace, name);
    const { column } = member;
    if (column === undefined || arrays === undefined) return [];
    return [
      {
        ...column,
        sided: member.sides === 'each',
        cells: (step: number) => itemsOf(member, arrays).map((items) => formatMember(member, column, items[step])),
      },
    ];
  });
