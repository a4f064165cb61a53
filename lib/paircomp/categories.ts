/** The paper's six categories, spelled exactly as in the authors' file, in its order. */
export const CATEGORIES = [
  'Overall appearance difference',
  'Color difference',
  'Counting difference',
  'Position difference',
  'Style & Tone difference',
  'Text difference',
] as const;

/** One of the six, or a category of a file's own, which is counted apart. */
export type Category = string;

export const isOfPaper = (category: Category): boolean => (CATEGORIES as readonly string[]).includes(category);

/** Categories in the order of tables: the paper's six as far as they occur, then a file's own as they come. */
export const inOrder = (categories: Iterable<Category>): Category[] => {
  const all = new Set(categories);
  return [...CATEGORIES.filter((category) => all.has(category)), ...[...all].filter((each) => !isOfPaper(each))];
};

/** Letters and digits by which names are compared: any case, any spacing, "and" for "&", either spelling of colour. */
const lettersOf = (name: string): string =>
  name
    .toLowerCase()
    .replaceAll('&', ' and ')
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .split(' ')
    .filter((word) => word !== 'and')
    .join('')
    .replace('colour', 'color');

/** The category that a file names: one of the six however it is spelled, with or without "difference"; else the file's own. */
export function readCategory(name: string): Category {
  const letters = lettersOf(name);
  const spelled = (category: Category) => [category, shortName(category)].map(lettersOf).includes(letters);
  return CATEGORIES.find(spelled) ?? name.trim().replace(/\s+/g, ' ');
}

/** A category without its last word, which all have in common. */
export const shortName = (category: Category): string => category.replace(/ difference$/, '');

/** The categories that are meant by names as people type them: `color`, `Style & Tone`, `counting difference`. Null for what names none. */
export function categoryOf(name: string): Category | null {
  const wanted = lettersOf(name);
  if (wanted.length < 3) return null;
  const found = CATEGORIES.filter(
    (category) =>
      lettersOf(category).startsWith(wanted) || (wanted === 'appearance' && category.includes('appearance')),
  );
  return found.length === 1 ? (found[0] ?? null) : null;
}
