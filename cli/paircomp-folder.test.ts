import { execFileSync, spawn } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { NEUTRAL_SETTINGS } from '@/lib/domain';
import { encodePng } from '@/lib/export';
import type { Draw, Judged } from '@/lib/paircomp';
import { UsageError } from './command-line';
import { RunFolder, type RunIdentity, type RunShape } from './paircomp-folder';

const identity: RunIdentity = { model: 'tiny@0', pairs: '00', images: 2, settings: NEUTRAL_SETTINGS };
const shape: RunShape = { pairs: new Set([0, 1]), images: 2, steps: 3, codes: 10 };
const draws: readonly Draw[] = [0, 1].map((pair) => ({
  pair,
  image: 1,
  a: Int32Array.of(1, 2, pair),
  b: Int32Array.of(4, 5, pair),
}));
const judged: readonly Judged[] = [0, 1].map((pair) => ({
  judge: { id: 'test', version: '1' },
  pair,
  prompt: 0,
  image: 1,
  score: { score: 0.5 },
}));
const picture = { pair: 0, prompt: 0, image: 1 } as const;
const png = encodePng({ width: 2, height: 2, data: new Uint8ClampedArray(16).fill(200) });

let parent: string;
let out: string;
let open: RunFolder[];
beforeEach(() => {
  parent = mkdtempSync(join(tmpdir(), 'run-folder-'));
  out = join(parent, 'run');
  open = [];
});
afterEach(() => {
  for (const folder of open) folder.close();
  rmSync(parent, { recursive: true });
});

const begun = (resume = false, of = identity): RunFolder => {
  const folder = RunFolder.open(out, resume);
  open.push(folder);
  folder.begin(of, shape);
  return folder;
};

/** What a process that ended left behind. */
const leave = async (): Promise<void> => {
  const folder = begun();
  for (const draw of draws) await folder.putDraw('', draw);
  await folder.putScores('', judged);
  folder.addPicture(picture, png);
  folder.close();
};

const resumed = async () => {
  const folder = begun(true);
  const read = { draws: await folder.draws(), scores: await folder.scores() };
  return { folder, ...read, problems: folder.takeProblems() };
};

const path = (name: string): string => join(out, name);
const change = (name: string, edit: (text: string) => string): void =>
  writeFileSync(path(name), edit(readFileSync(path(name), 'utf8')));

test('a run goes on with all that was kept', async () => {
  await leave();
  const { folder, problems, ...read } = await resumed();
  expect(read).toEqual({ draws, scores: judged });
  expect(problems).toEqual([]);
  expect(folder.hasPicture(picture)).toBe(true);
  folder.close();
  expect(readdirSync(out).sort()).toEqual(['0_0_1.png', 'judged.jsonl', 'run.json', 'tokens.jsonl']);
});

describe('what is damaged is named and made again', () => {
  test.each<[string, (line: string) => string, string]>([
    ['too few tokens', (line) => line.replace('1,2,0', '1,2'), 'a has fewer than 3 items'],
    ['too many tokens', (line) => line.replace('1,2,0', '1,2,0,0'), 'a has more than 3 items'],
    ['a token that the model has not', (line) => line.replace('1,2,0', '1,2,10'), 'a[2] is above 9'],
    ['a pair that the file has not', (line) => line.replace('"pair":0', '"pair":7'), 'pair is no pair of the file'],
    ['a picture that the run has not', (line) => line.replace('"image":1', '"image":2'), 'image is above 1'],
    ['half a line', (line) => line.slice(0, 20), 'it is not JSON'],
  ])('a draw with %s', async (_, damage, reason) => {
    await leave();
    const before = readFileSync(path('tokens.jsonl'), 'utf8').split('\n');
    change('tokens.jsonl', (text) => text.replace(/^.*/, damage));
    const { folder, draws: kept, problems } = await resumed();
    expect(kept).toEqual([draws[1]]);
    expect(problems).toEqual([`Line 1 of tokens.jsonl cannot be used (${reason}): its pictures are drawn again.`]);
    expect(readFileSync(path('tokens.jsonl'), 'utf8')).toBe(`${before[1]}\n`);
    // Its picture may be of other tokens.
    expect(folder.hasPicture(picture)).toBe(false);
  });

  test.each(['123', '-0.1', '"0.5"', '1e999', 'null'])('a score of %s', async (score) => {
    await leave();
    change('judged.jsonl', (text) => text.replace('0.5', score));
    const { folder, scores, problems } = await resumed();
    expect(scores).toEqual([judged[1]]);
    expect(problems).toEqual([
      expect.stringMatching(
        /^Line 1 of judged\.jsonl cannot be used \(.+\): the judge is asked about its picture again\.$/,
      ),
    ]);
    folder.close();
    expect((await resumed()).problems).toEqual([]);
  });

  test('a picture that is cut anywhere', async () => {
    await leave();
    const { folder } = await resumed();
    for (let bytes = 0; bytes < png.length; bytes++) {
      writeFileSync(path('0_0_1.png'), png.subarray(0, bytes));
      expect(folder.hasPicture(picture)).toBe(false);
    }
    expect(folder.takeProblems()[0]).toBe('0_0_1.png is damaged or cut short: it is made again.');
    folder.addPicture(picture, png);
    expect(folder.hasPicture(picture)).toBe(true);
  });

  test.each<[string, () => void, RegExp]>([
    [
      'cut short',
      () => change('run.json', (text) => text.slice(0, 30)),
      /^run\.json cannot be read \(it is not JSON\)/,
    ],
    ['empty', () => writeFileSync(path('run.json'), ''), /^run\.json cannot be read/],
    ['missing', () => rmSync(path('run.json')), /^run\.json is missing/],
    [
      'of another kind',
      () => change('run.json', (text) => text.replace('"images": 2', '"images": "two"')),
      /^run\.json cannot be read \(images is not/,
    ],
  ])('a run.json that is %s: nothing is believed, and nothing is lost', async (_, damage, sentence) => {
    await leave();
    const tokens = readFileSync(path('tokens.jsonl'), 'utf8');
    damage();
    const { folder, problems, ...read } = await resumed();
    expect(read).toEqual({ draws: [], scores: [] });
    expect(problems).toEqual([expect.stringMatching(sentence)]);
    expect(problems[0]).toMatch(/it is drawn again\. What there was of it now ends in \.damaged\.$/);
    expect(readFileSync(path('tokens.jsonl.damaged'), 'utf8')).toBe(tokens);
    expect(folder.hasPicture(picture)).toBe(false);
    expect(JSON.parse(readFileSync(path('run.json'), 'utf8'))).toEqual(identity);

    folder.close();
    rmSync(path('run.json'));
    await folder.putDraw('', draws[0] as Draw);
    expect((await resumed()).problems[0]).toMatch(/now ends in \.damaged-2\.$/);
    expect(readFileSync(path('tokens.jsonl.damaged'), 'utf8')).toBe(tokens);
  });

  test('whatever bytes take the place of others', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom('run.json', 'tokens.jsonl', 'judged.jsonl'),
        fc.nat(400),
        fc.uint8Array({ minLength: 1, maxLength: 8 }),
        async (name, at, bytes) => {
          out = mkdtempSync(join(parent, 'any-'));
          rmSync(out, { recursive: true });
          await leave();
          const before = readFileSync(path(name));
          before.set(bytes.subarray(0, Math.max(0, before.length - at)), Math.min(at, before.length));
          writeFileSync(path(name), before);
          try {
            const { scores, draws: kept } = await resumed();
            for (const { a, b } of kept) expect([a.length, b.length]).toEqual([3, 3]);
            for (const { score } of scores)
              if ('score' in score) expect(score.score >= 0 && score.score <= 1).toBe(true);
          } catch (error) {
            // Settings that can be read and are not those asked for.
            expect(error).toBeInstanceOf(UsageError);
          } finally {
            open.splice(0).forEach((folder) => folder.close());
          }
        },
      ),
      { numRuns: 150 },
    );
  });
});

describe('another process', () => {
  const lock = (holder: object) => writeFileSync(path('run.lock'), `${JSON.stringify(holder)}\n`);

  test('in the folder is named, and nothing is changed', async () => {
    await leave();
    const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
    try {
      lock({ pid: child.pid, host: hostname(), began: null });
      expect(() => RunFolder.open(out, true)).toThrow(
        `Another process (${child.pid}) is drawing in ${out}: wait until it ends, or choose another --out. If there is no such process, remove ${path('run.lock')}.`,
      );
      expect(existsSync(path('run.lock'))).toBe(true);
    } finally {
      child.kill();
    }
  });

  test('of this program is refused while a run is open, and not afterwards', () => {
    const folder = begun();
    expect(() => RunFolder.open(out, true)).toThrow(/^Another process \(\d+\) is drawing in/);
    folder.close();
    begun(true).close();
    expect(readdirSync(out)).toEqual(['run.json']);
  });

  test('on another computer is taken to be at work', async () => {
    await leave();
    lock({ pid: 1, host: 'elsewhere', began: null });
    expect(() => RunFolder.open(out, true)).toThrow('(1 on elsewhere)');
  });

  test.each<[string, () => string]>([
    [
      'died',
      () => {
        const pid = Number(execFileSync(process.execPath, ['-p', 'process.pid']));
        return JSON.stringify({ pid, host: hostname(), began: null });
      },
    ],
    ['had the number of one that runs now', () => JSON.stringify({ pid: process.ppid, host: hostname(), began: '1' })],
    ['had the number of this one', () => JSON.stringify({ pid: process.pid, host: hostname(), began: '1' })],
    ['died while it wrote', () => '{"pid'],
    ['wrote nothing', () => ''],
  ])('that %s is taken over from', async (name, holder) => {
    // Only Linux tells when a process began.
    if (name.startsWith('had the number of one') && !existsSync('/proc/self/stat')) return;
    await leave();
    writeFileSync(path('run.lock'), holder());
    expect((await resumed()).draws).toEqual(draws);
    open.at(-1)?.close();
    expect(readdirSync(out).filter((each) => each.startsWith('run.lock'))).toEqual([]);
  });
});

describe('nothing is written through a symbolic link', () => {
  const elsewhere = () => {
    const file = join(parent, 'precious');
    writeFileSync(file, 'precious');
    return file;
  };

  test.each(['run.json', 'tokens.jsonl', 'judged.jsonl', 'run.lock'])('%s', async (name) => {
    await leave();
    rmSync(path(name), { force: true });
    const file = elsewhere();
    symlinkSync(file, path(name));
    expect(() => RunFolder.open(out, true)).toThrow(
      `${path(name)} is a symbolic link, and nothing is read or written through one. Remove the link, or choose another --out.`,
    );
    expect(readFileSync(file, 'utf8')).toBe('precious');
  });

  test.each(['tokens.jsonl', 'run.json.part', '0_0_1.png', '0_0_1.png.part', 'summary.json', 'summary.json.part'])(
    'that appears later at %s',
    async (name) => {
      const folder = begun();
      const file = elsewhere();
      rmSync(path(name), { force: true });
      symlinkSync(file, path(name));
      const write = async () => {
        await folder.putDraw('', draws[0] as Draw);
        folder.addPicture(picture, png);
        folder.write('summary.json', '{}');
      };
      await (name === 'tokens.jsonl' ? expect(write()).rejects.toThrow('is a symbolic link') : write());
      expect(readFileSync(file, 'utf8')).toBe('precious');
    },
  );

  test('a link in place of a picture is replaced by the picture', async () => {
    await leave();
    const file = elsewhere();
    rmSync(path('0_0_1.png'));
    symlinkSync(file, path('0_0_1.png'));
    const { folder } = await resumed();
    expect(folder.hasPicture(picture)).toBe(false);
    expect(folder.takeProblems()).toEqual(['0_0_1.png is no file: it is made again.']);
    folder.addPicture(picture, png);
    expect(folder.hasPicture(picture)).toBe(true);
    expect(readFileSync(file, 'utf8')).toBe('precious');
  });

  test('the folder itself may be a link, as it was named', async () => {
    mkdirSync(join(parent, 'disk'));
    symlinkSync(join(parent, 'disk'), out);
    await leave();
    expect(readdirSync(join(parent, 'disk'))).toContain('run.json');
  });
});

describe('a place that cannot be written to gives one sentence with its path', () => {
  test.each<[string, () => string, string]>([
    ['a file', () => 'file', 'is there already and is no folder. Name another place.'],
    ['below a file', () => 'file/run', 'leads through a file as if that were a folder. Check how it is spelled.'],
    ['a link to nowhere', () => 'nowhere', '.'],
    ['a name too long', () => 'x'.repeat(300), 'is too long a name for this disk. Name a shorter one.'],
    ['a folder in place of its tokens', () => 'odd', 'tokens.jsonl is no file. Move it away, or choose another --out.'],
  ])('%s', (_, name, sentence) => {
    writeFileSync(join(parent, 'file'), '');
    symlinkSync(join(parent, 'not', 'there'), join(parent, 'nowhere'));
    mkdirSync(join(parent, 'odd', 'tokens.jsonl'), { recursive: true });
    out = join(parent, name());
    let thrown: unknown;
    try {
      RunFolder.open(out, true).close();
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toBeInstanceOf(UsageError);
    expect((thrown as Error).message).toMatch(/^[^\n]+\.$/);
    expect((thrown as Error).message).toContain(out);
    expect((thrown as Error).message).toContain(sentence);
    expect((thrown as Error).message).not.toMatch(/\bE[A-Z]{3,}\b/);
  });

  test('a folder in place of a picture', () => {
    const folder = begun();
    mkdirSync(path('0_0_1.png'));
    writeFileSync(path('0_0_1.png/x'), '');
    expect(() => folder.addPicture(picture, png)).toThrow(`${path('0_0_1.png')} is a folder`);
    expect(readdirSync(out).sort()).toEqual(['0_0_1.png', 'run.json', 'run.lock']);
  });
});

test.each(['', ' '])('a folder without a name (%j) is not made', (name) => {
  expect(() => RunFolder.open(name, false)).toThrow('--out needs the name of a folder.');
});
