import fc from 'fast-check';
import { expect, test } from 'vitest';
import { EngineError, ModelError, PairCompError } from '@/lib/domain';
import { UsageError } from './command-line';
import { failureOf } from './failure';

/** As Node throws it. */
const refused = (code: string, more: object = {}): Error =>
  Object.assign(new Error(`${code}: some reason, open '/some/path'`), { code, errno: -1, syscall: 'open', ...more });

/** Names of codes, words of Node's own and places in programs. */
const RAW = /\bE[A-Z0-9]{2,}\b|\bERR_|fetch failed|\bat \w+.*:\d+|node:|errno|syscall/;

const CODES = [
  'ENOENT',
  'EACCES',
  'EPERM',
  'EROFS',
  'ENOSPC',
  'EDQUOT',
  'EISDIR',
  'ENOTDIR',
  'EEXIST',
  'ENOTEMPTY',
  'ELOOP',
  'ENAMETOOLONG',
  'EMFILE',
  'ENFILE',
  'EBUSY',
  'EIO',
  'E2BIG',
  'ENXIO',
  'EXDEV',
  'ESTALE',
];

test.each(CODES)('%s becomes a sentence with the path and a way on', (code) => {
  const wrapped = [
    refused(code, { path: '/some/path' }),
    // Out of a thread, without its cause.
    new EngineError('failed', { detail: `${code}: some reason, open '/some/path'` }),
    new EngineError('failed', { detail: 'x' }, { cause: refused(code, { path: '/some/path' }) }),
    new Error('Outer.', { cause: new Error('Inner.', { cause: refused(code, { path: '/some/path' }) }) }),
  ];
  for (const error of wrapped) {
    const { text, status } = failureOf(error, []);
    expect(text).toMatch(/^[^\n]+\. [A-Z][^\n]+\.$/);
    expect(text).toContain('/some/path');
    expect(text).not.toMatch(RAW);
    expect(status).toBe(1);
  }
});

test('a model file that the system refuses is named, and one that is not there is missing', () => {
  const of = (code: string) =>
    failureOf(new ModelError('model-missing', { file: 'text.json' }, { cause: refused(code) }), []);
  expect(of('EACCES').text).toBe(
    'You may not read or write text.json. Give yourself the right to, or name another place.',
  );
  expect(of('ENOENT').text).toBe(
    'The model file text.json is missing. Put that file of the same model into its folder, or give another model.',
  );
});

test.each(['ECONNREFUSED', 'ENOTFOUND', 'ECONNRESET', 'EAI_AGAIN', 'ETIMEDOUT'])('%s behind a fetch', (code) => {
  for (const cause of [refused(code), new AggregateError([refused(code), refused(code)])]) {
    const { text } = failureOf(new TypeError('fetch failed', { cause }), []);
    expect(text).toBe(
      'A server could not be reached. Check its address and the connection, and give the command again.',
    );
  }
});

test('what nobody foresaw is a sentence too', () => {
  expect(failureOf(new TypeError('x is not a function'), []).text).toBe(
    'The command failed: x is not a function. Give it again; if it fails again, report this sentence.',
  );
  const traced = 'x is not a function\n    at read (node:fs:1:2)\n    at main (/some/path.ts:3:4)';
  for (const [thrown, reason] of [
    [new TypeError(traced), 'x is not a function'],
    [new TypeError('fetch failed'), 'a server could not be reached'],
    [undefined, 'no reason was given'],
    [{}, 'no reason was given'],
    [[{ toString: 0 }], 'no reason was given'],
    [Object.create(null), 'no reason was given'],
  ] as const) {
    const { text } = failureOf(thrown, []);
    expect(text).toContain(`The command failed: ${reason}. `);
    expect(text).not.toMatch(RAW);
  }
  const missing = Object.assign(new Error("Cannot find package 'x' imported from /some/path"), {
    code: 'ERR_MODULE_NOT_FOUND',
  });
  expect(failureOf(missing, []).text).toBe(
    'A part of the program is not installed. Run npm ci, then give the command again.',
  );
  fc.assert(
    fc.property(fc.anything(), (thrown) => {
      expect(failureOf(thrown, []).text).toMatch(/^[^\n]+\.$/);
    }),
  );
});

test('sentences of the program stay as they are', () => {
  expect(failureOf(new UsageError('Wrong.'), [])).toEqual({ text: 'Wrong.', status: 2 });
  expect(failureOf(new PairCompError('Wrong.'), [])).toEqual({ text: 'Wrong.', status: 2 });
  expect(failureOf(new EngineError('empty-prompt', { side: 'A' }), ['empty-prompt']).status).toBe(2);
});
