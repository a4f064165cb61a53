import type { Grid } from '@/lib/domain';
import type { Finding } from './finding';

/** A finding in words, in three parts that are read one after the other; each may be empty. */
export interface FindingWords {
  readonly lead: string;
  /** The deciding cells by name. */
  readonly named: string;
  readonly rest: string;
}

export interface FindingContext {
  readonly grid: Grid;
  /** Whether the model reads both prompts as the same; null where that is not known. */
  readonly readsAlike: boolean | null;
  /** Whether the drawing ended before its last step. */
  readonly isCut: boolean;
}

const numerals = ['No', 'One', 'Two', 'Three'];
const list = new Intl.ListFormat('en-GB', { type: 'conjunction' });

/** `step 41, row 3`, or of several `steps 37, 38 and 42, row 3`. */
const nameSteps = (steps: readonly number[], { columns }: Grid): string => {
  const order = [...steps].sort((x, y) => x - y);
  const rows = [...new Set(order.map((step) => Math.floor(step / columns)))];
  const names = (one: string, many: string, values: readonly number[]): string =>
    `${values.length === 1 ? one : many} ${list.format(values.map(String))}`;
  return `${names('step', 'steps', order)}, ${names('row', 'rows', rows)}`;
};

const percent = (share: number): string => `${Math.floor(share * 100)} %`;

/** The sentence above the pictures, on the command line and in files. Rows and steps count from 0. */
export const findingWords = (finding: Finding, { grid, readsAlike, isCut }: FindingContext): FindingWords => {
  const { kind, steps, different, firstSplit, deciding, selfTest } = finding;
  const differ = `${different} of ${steps} tokens ${different === 1 ? 'differs' : 'differ'}`;
  const cut = isCut ? ` It was stopped after ${steps} of ${grid.rows * grid.columns} steps.` : '';
  const words = (lead: string, rest: string, named = ''): FindingWords => ({ lead, named, rest: (rest + cut).trim() });
  switch (kind) {
    case 'identical':
      return words(selfTest?.text ?? `${differ}.`, '');
    case 'equal':
      return readsAlike === true
        ? words('This model reads A and B as the same prompt.', `${differ}.`)
        : words(
            'Nothing differs:',
            deciding === null
              ? `the same ${steps} tokens came out for both prompts.`
              : `the model reads the prompts differently, yet the same ${steps} tokens came out.`,
          );
    case 'chance':
      return words(`${differ}, and chance has its part:`, 'the noise of A and B is independent.');
    case 'unweighed':
      return words(`${differ},`, `the first at step ${firstSplit ?? 0}.`);
    case 'slight':
      return words(`${differ}, and the prompts hardly matter to them:`, 'less than 1 bit of cross score in all.');
    case 'everywhere':
      return words('The whole picture changes,', `${differ}.`, `from step ${firstSplit ?? 0} on.`);
    case 'decided': {
      const cells = deciding?.steps ?? [];
      const verb = cells.length === 1 ? 'token decides it:' : 'tokens decide it:';
      return words(`${numerals[cells.length] ?? ''} ${verb}`, `${differ}.`, `${nameSteps(cells, grid)}.`);
    }
    case 'spread': {
      const count = deciding?.steps.length ?? 0;
      const carry = `${count} ${count === 1 ? 'cell carries' : 'cells carry'}`;
      return words(`${carry} ${percent(deciding?.share ?? 0)} of the cross score.`, `${differ}.`);
    }
  }
};

/** The three parts as one line. */
export const findingSentence = ({ lead, named, rest }: FindingWords): string =>
  [lead, named, rest].filter((part) => part !== '').join(' ');
