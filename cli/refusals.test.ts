/** The commands on places and files that the operating system refuses: one sentence with the path, no names of error codes, no traces. */
import { execFile } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';
import { testModel } from '@/lib/models/testing';

const root = fileURLToPath(new URL('..', import.meta.url));
const tiny = testModel('tiny-model');
const temporary = mkdtempSync(join(tmpdir(), 'refusals-'));
// Readable for the other user as whom the commands run where this is root, whom nothing is refused.
chmodSync(temporary, 0o755);
afterAll(() => rmSync(temporary, { recursive: true }));

const at = (...names: readonly string[]): string => join(temporary, ...names);
const isRoot = process.getuid?.() === 0;
const NOBODY = 65534;

interface Ended {
  readonly status: number;
  readonly stderr: string;
}

const command = (script: string, args: readonly string[], { asOther = false, to = '' } = {}) =>
  new Promise<Ended>((resolve) => {
    const node = ['--import', 'tsx', `cli/${script}.ts`, ...args];
    const [file, given] =
      to === '' ? [process.execPath, node] : ['sh', ['-c', `"$0" "$@" ${to}`, process.execPath, ...node]];
    const user = asOther && isRoot ? { uid: NOBODY, gid: NOBODY, env: { ...process.env, TMPDIR: at('scratch') } } : {};
    execFile(file, given, { cwd: root, timeout: 120_000, ...user }, (error, _stdout, stderr) => {
      resolve({ status: typeof error?.code === 'number' ? error.code : error ? 1 : 0, stderr });
    });
  });

const pair = (out: string, model = tiny): readonly string[] => [
  '--a',
  'a red apple',
  '--b',
  'a blue apple',
  '--model',
  model,
  '--out',
  out,
];

/** Its last line is what went wrong; before it may stand what was done. */
const expectSentence = ({ stderr }: Ended, named: string): void => {
  const said = stderr.trimEnd().split('\n').at(-1) ?? '';
  expect(said).toMatch(/\.$/);
  expect(said).toContain(named);
  expect(stderr).not.toMatch(/\bE[A-Z]{3,}\b|ERR_|fetch failed|\n +at |node:|Error:/);
};

writeFileSync(at('file'), '');
writeFileSync(at('huge.json'), '');
truncateSync(at('huge.json'), 2 ** 32);
writeFileSync(
  at('pairs.json'),
  JSON.stringify([{ category: 'Color difference', caption1: 'a red apple', caption2: 'a blue apple' }]),
);
mkdirSync(at('occupied', 'a.png', 'inside'), { recursive: true });
symlinkSync(at('not', 'there'), at('dangling'));
symlinkSync(at('loop'), at('loop'));
mkdirSync(at('closed'), { mode: 0o555 });
mkdirSync(at('scratch'), { mode: 0o777 });
chmodSync(at('scratch'), 0o777);

describe('a place to write to', { timeout: 180_000 }, () => {
  const places: readonly [string, string, string][] = [
    ['a file', at('file'), at('file')],
    ['below a file', at('file', 'run'), at('file', 'run')],
    ['a link to nowhere', at('dangling'), at('dangling')],
    ['a link to itself', at('loop'), at('loop')],
    ['a name too long', at('x'.repeat(300)), 'x'.repeat(300)],
    ['no name', '', '--out'],
    ...(existsSync('/proc/self')
      ? [['where nothing can be made', '/proc/pairscope/run', '/proc/pairscope/run'] as const]
      : []),
  ].map(([name = '', place = '', named = '']) => [name, place, named]);
  test.each(places)('%s', async (_, place, named) => {
    expectSentence(await command('pair', pair(place)), named);
    expectSentence(await command('paircomp', ['--pairs', at('pairs.json'), '--model', tiny, '--out', place]), named);
  });

  test('with a folder in place of a picture', async () => {
    expectSentence(await command('pair', pair(at('occupied'))), at('occupied', 'a.png'));
    expect(readdirSync(at('occupied'))).toEqual(['a.png']);
  });

  test('that somebody else owns', async () => {
    expectSentence(await command('pair', pair(at('closed')), { asOther: true }), at('closed'));
    const args = ['--pairs', at('pairs.json'), '--model', tiny, '--out', at('closed', 'run')];
    expectSentence(await command('paircomp', args, { asOther: true }), at('closed', 'run'));
  });
});

describe('a file to read', { timeout: 180_000 }, () => {
  test.each([
    ['that is not there', at('nowhere.json')],
    ['that is a folder', at('occupied')],
    ['that leads through a file', at('file', 'pairs.json')],
    ['that links to itself', at('loop')],
    ['that is too large', at('huge.json')],
  ])('%s', async (_, path) => {
    expectSentence(await command('paircomp', ['--pairs', path, '--out', at('unused')]), path);
    expectSentence(await command('paircomp', ['--pairs', at('pairs.json'), '--scores', path]), path);
    expect(existsSync(at('unused'))).toBe(false);
  });

  test.each([
    ['a folder in place of a model file', (path: string) => mkdirSync(path)],
    ['a model file that may not be read', (path: string) => writeFileSync(path, '{}', { mode: 0 })],
  ])('%s', async (name, put) => {
    const model = at(name.replaceAll(' ', '-'));
    cpSync(tiny, model, { recursive: true });
    rmSync(join(model, 'text.json'));
    put(join(model, 'text.json'));
    expectSentence(await command('pair', pair(at('scratch', 'out'), model), { asOther: true }), 'text.json');
  });
});

describe('the standard output', { timeout: 180_000 }, () => {
  test.skipIf(!existsSync('/dev/full'))('that has no room', async () => {
    const ended = await command('pair', ['--help'], { to: '> /dev/full' });
    expectSentence(ended, 'the standard output');
    expect(ended.status).toBe(1);
  });

  test('that nobody reads ends the command quietly', async () => {
    expect((await command('pair', ['--help'], { to: '| true' })).stderr).toBe('');
  });
});

test('a judge where nothing answers', { timeout: 180_000 }, async () => {
  // The port of the discard service, which no judge has.
  const endpoint = ['--judge', 'endpoint', '--endpoint', 'http://127.0.0.1:9', '--endpoint-model', 'eye'];
  const ended = await command('paircomp', [
    '--pairs',
    at('pairs.json'),
    '--model',
    tiny,
    '--out',
    at('scratch', 'judged'),
    ...endpoint,
  ]);
  expectSentence(ended, '127.0.0.1:9 could not be reached, or broke the connection off.');
  expect(ended.stderr).not.toMatch(/page|CORS/);
});
