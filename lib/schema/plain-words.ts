import type { core } from 'zod/mini';

const KINDS: Readonly<Record<string, string>> = {
  array: 'a list',
  tuple: 'a list',
  boolean: 'true or false',
  int: 'a whole number',
  number: 'a number',
  object: 'an object',
  record: 'an object',
  string: 'a text',
};

/** How sizes are named, by what has them. */
const UNITS: Readonly<Record<string, string>> = { array: ' items', string: ' characters' };

const quoted = (value: unknown): string => (typeof value === 'string' ? `“${value}”` : String(value));

function oneOf(values: readonly unknown[]): string {
  const [first, ...others] = values.slice(0, 6).map(quoted);
  const rest = values.length > 6 ? [...others, 'one of the other values'] : others;
  const last = rest.pop();
  return last === undefined ? `is not ${first}` : `is none of ${[first, ...rest].join(', ')} and ${last}`;
}

function size(issue: core.$ZodRawIssue<core.$ZodIssueTooBig | core.$ZodIssueTooSmall>): string {
  const unit = UNITS[issue.origin];
  if (issue.code === 'too_big')
    return unit
      ? `has more than ${issue.maximum}${unit}`
      : `is ${issue.inclusive ? 'above' : 'not below'} ${issue.maximum}`;
  if (unit && Number(issue.minimum) === 1) return 'is empty';
  return unit
    ? `has fewer than ${issue.minimum}${unit}`
    : `is ${issue.inclusive === false ? 'not above' : 'below'} ${issue.minimum}`;
}

/** An issue that no schema has words of its own for, as the rest of a sentence that begins with the value's place: "is not a number". */
export function plainWords(issue: core.$ZodRawIssue): string {
  switch (issue.code) {
    case 'invalid_type':
      if (issue.input === undefined) return 'is missing';
      if (typeof issue.input === 'number' && !Number.isFinite(issue.input)) return 'is not a finite number';
      return `is not ${KINDS[issue.expected] ?? 'of the expected kind'}`;
    case 'invalid_value':
      return issue.input === undefined ? 'is missing' : oneOf(issue.values);
    case 'too_big':
    case 'too_small':
      return size(issue);
    case 'invalid_format':
      return 'is not written as expected';
    case 'unrecognized_keys':
      return 'has members that nothing is known of';
    case 'invalid_key':
      return 'is a name that is not expected';
    case 'invalid_union':
      return issue.input === undefined ? 'is missing' : 'has none of the expected forms';
    default:
      return 'is not as expected';
  }
}
