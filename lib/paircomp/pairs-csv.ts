import { dsvFormat } from 'd3-dsv';

/** An item as the JSON form has it. */
interface Row {
  readonly category: string;
  readonly caption1: string;
  readonly caption2: string;
}

/** The category of pairs whose table names none. */
const WITHOUT_CATEGORY = 'Pairs without a category';

const HEADINGS: Readonly<Record<keyof Row, readonly string[]>> = {
  category: ['category', 'type', 'kind'],
  caption1: ['caption1', 'prompt1', 'prompta', 'a', 'caption_1', 'prompt_1', 'prompt a', 'caption a'],
  caption2: ['caption2', 'prompt2', 'promptb', 'b', 'caption_2', 'prompt_2', 'prompt b', 'caption b'],
};

/** The column of each member by its heading; -1 where there is none. */
const columnsOf = (headings: readonly string[]): Record<keyof Row, number> => {
  const names = headings.map((name) => name.trim().toLowerCase());
  const column = (member: keyof Row) => names.findIndex((name) => HEADINGS[member].includes(name));
  return { category: column('category'), caption1: column('caption1'), caption2: column('caption2') };
};

/**
 * The pairs of a CSV table: separated by commas, semicolons or tabs, with headings in any order, or without any as two captions, or a
 * category and two captions. Null where the text is no such table. Linear in the text.
 */
export function rowsOfPairs(text: string): readonly Row[] | null {
  const firstLine = text.slice(0, 10_000).split(/\r?\n/, 1)[0] ?? '';
  const separator = [',', ';', '\t'].reduce((best, each) =>
    firstLine.split(each).length > firstLine.split(best).length ? each : best,
  );
  const rows = dsvFormat(separator)
    .parseRows(text)
    .filter((cells) => cells.some((cell) => cell.trim() !== ''));
  const [first, ...rest] = rows;
  if (first === undefined) return null;
  const named = columnsOf(first);
  if (named.caption1 >= 0 && named.caption2 >= 0) return rest.map((cells) => rowOf(cells, named));
  const bare = { 2: { category: -1, caption1: 0, caption2: 1 }, 3: { category: 0, caption1: 1, caption2: 2 } };
  const columns = bare[first.length as keyof typeof bare];
  return columns === undefined ? null : rows.map((cells) => rowOf(cells, columns));
}

function rowOf(cells: readonly string[], { category, caption1, caption2 }: Record<keyof Row, number>): Row {
  return {
    category: category < 0 ? WITHOUT_CATEGORY : (cells[category] ?? ''),
    caption1: cells[caption1] ?? '',
    caption2: cells[caption2] ?? '',
  };
}
