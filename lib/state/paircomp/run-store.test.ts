import 'fake-indexeddb/auto';
import { IDBFactory } from 'fake-indexeddb';
import { beforeEach, expect, test, vi } from 'vitest';
import type { Draw, Judged, Run } from '@/lib/paircomp';
import { RunGoneError } from './run-archive';
import { memoryRunStore, openRunDatabase } from './run-store';

const run = (id: string): Run => ({
  id,
  createdMs: 0,
  pairsTitle: 'Pairs',
  pairs: [],
  chosen: [],
  images: 2,
  settings: {
    seed: 0,
    coupling: 'independent',
    guidanceWeight: 1,
    temperature: 1,
    topK: 0,
    topP: 1,
    plausibility: 0,
    greedy: false,
  },
  folder: 'tiny',
  model: null,
  judges: [],
  skipped: [],
});
const draw: Draw = { pair: 3, image: 1, a: Int32Array.of(1, 2), b: Int32Array.of(3, 4) };
const judged: Judged = { judge: { id: 'test', version: '1' }, pair: 3, prompt: 0, image: 1, score: { score: 0.5 } };

beforeEach(() => vi.stubGlobal('indexedDB', new IDBFactory()));

const ended = (target: IDBRequest | IDBTransaction): Promise<unknown> =>
  new Promise((resolve) => {
    target.addEventListener('success', resolve);
    target.addEventListener('complete', resolve);
  });

test('runs that an earlier version of the page kept are opened', async () => {
  const opening = indexedDB.open('pairscope-paircomp', 1);
  opening.onupgradeneeded = () => {
    for (const name of ['runs', 'draws', 'scores']) opening.result.createObjectStore(name);
  };
  await ended(opening);
  const transaction = opening.result.transaction(['runs', 'draws', 'scores'], 'readwrite');
  transaction.objectStore('runs').put(run('one'), 'one');
  transaction.objectStore('draws').put(draw, ['one', 3, 1]);
  transaction.objectStore('scores').put(judged, ['one', 'test 1', 3, 0, 1]);
  await ended(transaction);
  opening.result.close();

  const records = await openRunDatabase();
  expect(await records.runs()).toEqual([run('one')]);
  expect(await records.draws('one')).toEqual([draw]);
  expect(await records.scores('one')).toEqual([judged]);
});

test('a run is removed with its draws and scores, and no other run is', async () => {
  const records = await openRunDatabase();
  for (const id of ['one', 'one and', 'two']) {
    await records.addRun(run(id));
    await records.putDraw(id, draw);
    await records.putScores(id, [judged]);
  }
  await records.remove('one');
  expect((await records.runs()).map(({ id }) => id)).toEqual(['one and', 'two']);
  expect([await records.draws('one'), await records.scores('one')]).toEqual([[], []]);
  expect([await records.draws('one and'), await records.scores('two')]).toEqual([[draw], [judged]]);
});

test.each([
  ['in the database', openRunDatabase],
  ['in memory', () => Promise.resolve(memoryRunStore())],
])('%s: nothing is kept of a run that is not there', async (_, open) => {
  const records = await open();
  await records.addRun(run('one'));
  await records.remove('one');
  await expect(records.putRun(run('one'))).rejects.toThrow(RunGoneError);
  await expect(records.putDraw('one', draw)).rejects.toThrow(RunGoneError);
  await expect(records.putScores('one', [judged])).rejects.toThrow(RunGoneError);
  await expect(records.replaceScores('one', judged.judge, [judged])).rejects.toThrow(RunGoneError);
  expect(await records.runs()).toEqual([]);
  expect(await records.holdings('one')).toEqual({ draws: 0, scores: 0 });
});

test.each([
  ['in the database', openRunDatabase],
  ['in memory', () => Promise.resolve(memoryRunStore())],
])('%s: scores take the place of what the same judge gave, and of no other', async (_, open) => {
  const records = await open();
  await records.addRun(run('one'));
  const other: Judged = { ...judged, judge: { id: 'test', version: '2' } };
  await records.putScores('one', [judged, { ...judged, pair: 4 }, other]);
  const better: Judged = { ...judged, score: { score: 1 } };
  await records.replaceScores('one', judged.judge, [better]);
  expect(await records.scores('one')).toEqual(expect.arrayContaining([better, other]));
  expect(await records.holdings('one')).toEqual({ draws: 0, scores: 2 });
});

test('draws and scores without a run are cleaned away, and those of a run stay', async () => {
  const records = await openRunDatabase();
  await records.addRun(run('kept'));
  await records.putDraw('kept', draw);
  await records.putScores('kept', [judged]);
  const raw = indexedDB.open('pairscope-paircomp', 1);
  await ended(raw);
  const transaction = raw.result.transaction(['draws', 'scores'], 'readwrite');
  for (const id of ['a', 'kept with', 'z']) {
    transaction.objectStore('draws').put(draw, [id, 3, 1]);
    transaction.objectStore('draws').put(draw, [id, 4, 1]);
    transaction.objectStore('scores').put(judged, [id, 'test 1', 3, 0, 1]);
  }
  await ended(transaction);
  expect(await records.holdings('z')).toEqual({ draws: 2, scores: 1 });
  await records.removeOrphans();
  for (const id of ['a', 'kept with', 'z']) expect(await records.holdings(id)).toEqual({ draws: 0, scores: 0 });
  expect(await records.holdings('kept')).toEqual({ draws: 1, scores: 1 });
});

test('a newer version of the page in another tab is not held up', async () => {
  await openRunDatabase();
  await ended(indexedDB.open('pairscope-paircomp', 2));
});
