import { expect, test } from 'vitest';
import { parseCommandLine, UsageError } from './command-line';

const options = { a: { type: 'string' }, 'top-k': { type: 'string' }, json: { type: 'boolean' } } as const;
const read = (args: readonly string[], env: Readonly<Record<string, string>> = {}) =>
  parseCommandLine(args, options, env);

test('options are read as typed, negative numbers among them', () => {
  expect(read(['--a', 'x – y', '--top-k', '-3'])).toEqual({ a: 'x – y', 'top-k': '-3' });
});

test.each(['—a', '–a', '−-a', '―top-k'])('%s, as slides write it, is answered with what to type', (dashed) => {
  expect(() => read([dashed, 'x'])).toThrow(UsageError);
  expect(() => read([dashed, 'x'])).toThrow(/begins with a long dash.*type --(a|top-k)\.$/);
});

test('options that npm took for itself are answered with the missing --', () => {
  const env = { npm_config_a: 'x', npm_config_top_k: '3', npm_lifecycle_event: 'pair' };
  const hint = 'npm took the options for itself: put -- before them, as in npm run -s pair -- --a ...';
  expect(() => read([], env)).toThrow(hint);
  expect(() => read(['x', '3'], { npm_lifecycle_event: 'pair' })).toThrow(hint);
  // Nothing is wrong where options arrived, whatever else npm was told.
  expect(read(['--a', 'x'], { ...env, npm_config_json: 'true' })).toEqual({ a: 'x' });
});
