import { testModel } from '@/lib/models/testing';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { judgeGolden as golden, testJudge } from '@/lib/judge/testing';
import { openModel } from '@/lib/models';
import { DirectorySource } from '@/lib/models/node';
import { judgeOf, judgePair } from './pair-judge';

const tiny = testModel('tiny-model');
const bundled = mkdtempSync(join(tmpdir(), 'judges-'));
afterAll(() => rmSync(bundled, { recursive: true }));

const bundle = (centroids: string): string => {
  const { folder, files } = testJudge(centroids);
  mkdirSync(join(bundled, folder));
  for (const [name, bytes] of Object.entries(files)) writeFileSync(join(bundled, folder, name), bytes);
  return folder;
};

test('a model is judged by the judge of its codebook, and by no other', async () => {
  const name = 'tiny@0123456789abcdef';
  const list = (judges: readonly string[]) =>
    writeFileSync(join(bundled, 'index.json'), JSON.stringify({ default: name, models: [name], judges }));
  const other = bundle('1'.repeat(64));
  list([other]);
  expect(await judgeOf(tiny, bundled)).toBeNull();
  const { manifest } = await openModel(new DirectorySource(tiny));
  const own = bundle(manifest.files.centroids.sha256);
  list([other, own]);
  const judge = await judgeOf(tiny, bundled);
  expect(judge).toEqual({ kind: 'directory', path: join(bundled, own) });

  const tokens = {
    a: Int32Array.from(golden.pictures['apple'] ?? []),
    b: Int32Array.from(golden.pictures['three apples'] ?? []),
  };
  const expected = (picture: string, caption: string) =>
    Number(golden.scores.find(([of, text]) => of === picture && text === caption)?.[2]);
  const judged = judge && (await judgePair(judge, { a: 'an apple', b: 'three red apples' }, tokens));
  expect(judged).toEqual({
    aForA: expect.closeTo(expected('apple', 'an apple'), 5) as number,
    aForB: expect.closeTo(expected('apple', 'three red apples'), 5) as number,
    bForA: expect.closeTo(expected('three apples', 'an apple'), 5) as number,
    bForB: expect.closeTo(expected('three apples', 'three red apples'), 5) as number,
    outcome: 'both',
    controlled: true,
  });
  const unread = judge && (await judgePair(judge, { a: 'an apple', b: 'an apple next to something' }, tokens));
  expect(unread).toMatchObject({
    aForB: null,
    bForB: null,
    outcome: null,
    controlled: null,
    unreadable: { a: null, b: expect.any(String) as string },
  });
});
