/** The six categories, spelled exactly as in the authors' file, in its order. */
export const CATEGORIES = [
  'Overall appearance difference',
  'Color difference',
  'Counting difference',
  'Position difference',
  'Style & Tone difference',
  'Text difference',
] as const;

export type Category = (typeof CATEGORIES)[number];

export const isCategory = (value: unknown): value is Category => CATEGORIES.includes(value as Category);

/** A category without its last word, which all have in common. */
export const shortName = (category: Category): string => category.replace(/ difference$/, '');

/** The categories that are meant by names as people type them: `color`, `Style & Tone`, `counting difference`. Null for what names none. */
export function categoryOf(name: string): Category | null {
  const letters = (text: string) => text.toLowerCase().replace(/[^a-z]/g, '');
  const wanted = letters(name);
  if (wanted.length < 3) return null;
  const found = CATEGORIES.filter(
    (category) => letters(category).startsWith(wanted) || (wanted === 'appearance' && category.includes('appearance')),
  );
  return found.length === 1 ? (found[0] ?? null) : null;
}
