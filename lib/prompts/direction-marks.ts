/** Unicode's controls of writing direction by their abbreviations (UAX #9): invisible, and able to make a text read backwards. */
const ABBREVIATIONS: Readonly<Record<string, string>> = {
  '\u061C': 'ALM',
  '\u200E': 'LRM',
  '\u200F': 'RLM',
  '\u202A': 'LRE',
  '\u202B': 'RLE',
  '\u202C': 'PDF',
  '\u202D': 'LRO',
  '\u202E': 'RLO',
  '\u2066': 'LRI',
  '\u2067': 'RLI',
  '\u2068': 'FSI',
  '\u2069': 'PDI',
};
const MARKS = /[\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069]/g;

/** A text to look at: controls of direction show as `‹RLO›` and have no effect. */
export const withVisibleMarks = (text: string): string =>
  text.replace(MARKS, (mark) => `‹${ABBREVIATIONS[mark] ?? ''}›`);

export const withoutMarks = (text: string): string => text.replace(MARKS, '');

export const countMarks = (text: string): number => text.length - withoutMarks(text).length;
