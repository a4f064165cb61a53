import { type Comparison, drawnSteps } from '@/lib/comparison';
import { shortestFloat32, type Side } from '@/lib/domain';

const TOP_ENTRIES = 8;
const sides: readonly Side[] = ['a', 'b'];

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

const columnsOf = ({ grid, tokens, trace }: Comparison): readonly Column[] => {
  const both = (
    name: string,
    unit: string,
    values: { a: ArrayLike<number>; b: ArrayLike<number> } | undefined,
  ): Column[] =>
    values === undefined
      ? []
      : sides.map((side) => ({
          header: `${name} ${side.toUpperCase()}${unit && ` (${unit})`}`,
          value: (step) => values[side][step],
        }));
  const top = (name: string, values: { a: ArrayLike<number>; b: ArrayLike<number> } | undefined): Column[] =>
    values === undefined
      ? []
      : sides.flatMap((side) =>
          Array.from({ length: TOP_ENTRIES }, (_, index) => ({
            header: `${name} ${index + 1} ${side.toUpperCase()}`,
            value: (step: number) => values[side][step * TOP_ENTRIES + index],
          })),
        );
  const rounded = trace.precision === 'rounded' ? 'bits, rounded' : 'bits';
  return [
    { header: 'step', value: (step) => step },
    { header: 'row', value: (step) => Math.floor(step / grid.columns) },
    { header: 'column', value: (step) => step % grid.columns },
    ...both('token', '', tokens),
    { header: 'tokens differ', value: (step) => (tokens.a[step] === tokens.b[step] ? 0 : 1) },
    ...both('probability', 'after guidance and temperature', trace.probability),
    ...both('rank', 'from 1', trace.rank),
    ...both('entropy', 'bits', trace.entropyBits),
    ...both('margin', 'nats', trace.margin),
    ...(trace.divergenceBits
      ? [{ header: 'side divergence (bits)', value: (step: number) => trace.divergenceBits?.[step] }]
      : []),
    ...both('prompt divergence along', rounded, trace.promptDivergenceBits),
    ...both('cross score', rounded, trace.crossScoreBits),
    ...top('top token', trace.topTokens),
    ...top('top probability', trace.topProbabilities),
  ];
};

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
