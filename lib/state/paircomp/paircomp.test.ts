import { testModel } from '@/lib/models/testing';
import 'fake-indexeddb/auto';
import { IDBFactory } from 'fake-indexeddb';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import type { Engine } from '@/lib/engine';
import { createNodeDecoder, createNodeEngine } from '@/lib/engine/node';
import type { Endpoint, PairCompJudge } from '@/lib/judge';
import type { ModelLocation } from '@/lib/models';
import { formatScores, parsePairs, PUBLISHED_JUDGE } from '@/lib/paircomp';
import { createPaircompController, type PaircompController } from './paircomp-controller';
import { chosenPairs, createPaircompStore, type PaircompStore, tallyOf } from './paircomp-state';
import type { PaircompPorts } from './run-ports';
import { type RunArchive, StorageFullError } from './run-archive';
import { memoryRunStore, openRunDatabase } from './run-store';
import type { RunNews, RunTabs } from './run-tabs';

// The in-process engine draws with a real, tiny model; it is not for browsers, so not in the index.

const tiny: ModelLocation = {
  kind: 'directory',
  path: testModel('tiny-model'),
};

const pairs = {
  title: 'Test pairs',
  ...parsePairs(
    JSON.stringify([
      { category: 'Color difference', caption1: 'a red apple', caption2: 'a blue apple' },
      { category: 'Color difference', caption1: 'a red cup', caption2: 'a blue cup' },
      { category: 'Counting difference', caption1: 'an apple', caption2: 'three apples' },
      { category: 'Counting difference', caption1: '?!', caption2: 'three cups' },
    ]),
  ),
};

/** Scores by the first token, so that they are told apart. */
const testJudge: PairCompJudge = {
  title: 'Test judge',
  identify: () => Promise.resolve({ id: 'test', version: '1' }),
  score: ({ tokens }, caption) =>
    Promise.resolve(
      caption === 'three apples' ? { unscored: 'It counts nothing.' } : { score: ((tokens[0] ?? 0) % 10) / 10 },
    ),
};

/** Another judge, and one that reads pixels. */
const secondJudge: PairCompJudge = {
  title: 'Second judge',
  identify: () => Promise.resolve({ id: 'endpoint', version: 'eye example.org' }),
  score: async ({ pixels }) => ({ score: (await pixels()).width / 96 }),
};

let remembered: Endpoint | null;
let drawn: string[];
let current: string;
let onDraw: () => unknown;
let ids: number;

const counting = (engine: Engine): Engine => ({
  get info() {
    return engine.info;
  },
  load: (...given) => engine.load(...given),
  crossScores: (...given) => engine.crossScores(...given),
  dispose: () => engine.dispose(),
  async *draw(request, options) {
    for await (const event of engine.draw(request, options)) yield event;
    drawn.push(`${request.prompts.a} ${request.settings.seed}`);
    await onDraw();
  },
});

let locks: Map<string, Promise<unknown>>;
let listeners: ((news: RunNews) => void)[];

/** Tabs of one browser. */
const newTab = (): RunTabs => {
  let own: ((news: RunNews) => void) | null = null;
  return {
    async alone(id, work) {
      if (locks.has(id)) return null;
      const working = work();
      const settled = working.catch(() => undefined);
      locks.set(id, settled);
      void settled.then(() => locks.delete(id));
      return working;
    },
    isHeld: (id) => Promise.resolve(locks.has(id)),
    whenFree: async (id) => void (await locks.get(id)),
    tell: (news) => listeners.filter((hear) => hear !== own).forEach((hear) => hear(structuredClone(news))),
    listen: (hear) => void listeners.push((own = hear)),
  };
};

/** A page as it is after a reload: everything new except what the browser keeps. */
const page = (
  change: Partial<PaircompPorts> = {},
): { readonly store: PaircompStore; readonly controller: PaircompController } => {
  const engine = counting(createNodeEngine());
  const loaded = engine.load(tiny);
  const store = createPaircompStore();
  const controller = createPaircompController(store, {
    openStore: () => openRunDatabase(),
    fetchBuiltIn: () => Promise.resolve(pairs),
    fetchAuthors: () => Promise.reject(new Error('Not pressed.')),
    currentModel: () => Promise.resolve({ folder: current, title: 'Tiny' }),
    withEngine: async (_, work) => work(engine, await loaded),
    createDecoder: createNodeDecoder,
    locate: () => tiny,
    ownJudge: () => Promise.resolve(testJudge),
    janusJudge: () => secondJudge,
    endpointJudge: () => secondJudge,
    readEndpoint: () => null,
    writeEndpoint: (endpoint) => void (remembered = endpoint),
    tabs: newTab(),
    now: () => performance.now(),
    newId: () => `run ${++ids}`,
    ...change,
  });
  return { store, controller };
};

const begun = async (change: Partial<PaircompPorts> = {}) => {
  const { store, controller } = page(change);
  await controller.open();
  await controller.loadBuiltIn();
  controller.setForm({ limit: 'all', seed: '3' });
  return { store, controller };
};

const tally = (store: PaircompStore) => {
  const { run, results } = store.getState();
  if (run === null) throw new Error('There is no run.');
  return tallyOf(run, results, 'test 1');
};

beforeEach(() => {
  drawn = [];
  remembered = null;
  locks = new Map();
  listeners = [];
  vi.stubGlobal('indexedDB', new IDBFactory());
  current = 'tiny';
  onDraw = () => undefined;
  ids = 0;
});

describe('a run', () => {
  test('draws and judges every pair that the model can draw', async () => {
    const { store, controller } = await begun();
    await controller.start();
    const { run, problem, progress, results } = store.getState();
    expect(problem).toBeNull();
    expect(run).toMatchObject({
      settings: { seed: 3, coupling: 'independent' },
      skipped: [{ pair: 3, reason: 'Prompt A has no words.' }],
      judges: [{ id: 'test', title: 'Test judge' }],
    });
    expect(run && chosenPairs(run).map(({ index }) => index)).toEqual([0, 2, 1, 3]);
    expect(progress).toMatchObject({ drawn: 6, total: 8 });
    expect(drawn).toHaveLength(6);
    expect(results.scores.get('test 1')?.size).toBe(12);
    expect(tally(store)).toMatchObject({
      scored: [{ index: 0 }, { index: 1 }],
      unscored: 2,
      unscoredPairs: 1,
      reason: 'It counts nothing.',
    });
    const shown = controller.comparison(1, 1);
    expect(shown).toMatchObject({
      prompts: { a: 'a red cup', b: 'a blue cup' },
      trace: { length: 36 },
      model: { name: 'tiny' },
    });
    expect(await controller.pictures(1, 1)).toMatchObject({ a: { width: 48 }, b: { width: 48 } });
  });

  test('goes on after a pause, a stop and a reload without drawing anything twice', async () => {
    const first = await begun();
    onDraw = () => first.controller.pause();
    await first.controller.start();
    expect(first.store.getState()).toMatchObject({ activity: 'none', problem: null, progress: { drawn: 1 } });
    onDraw = () => drawn.length === 3 && first.controller.stop();
    await first.controller.resume();

    const second = page();
    await second.controller.open();
    const kept = second.store.getState().progress.drawn;
    expect(kept).toBeGreaterThanOrEqual(2);
    onDraw = () => undefined;
    await second.controller.resume();
    expect(second.store.getState()).toMatchObject({ problem: null, progress: { drawn: 6 } });
    // A draw that was stopped before it was kept is drawn again; one that was kept is not.
    expect(drawn.length - new Set(drawn).size).toBe(3 - kept);

    drawn = [];
    const whole = await begun({ openStore: () => Promise.resolve(memoryRunStore()) });
    await whole.controller.start();
    expect(tally(whole.store)).toEqual(tally(second.store));
  });

  test('that is finished asks nobody again', async () => {
    const { store, controller } = await begun();
    await controller.start();
    drawn = [];
    await controller.resume();
    expect(drawn).toEqual([]);
    expect(store.getState().activity).toBe('none');
  });

  test('can be judged again by another judge, whose scores stand by themselves', async () => {
    const { store, controller } = await begun();
    await controller.start();
    const own = tally(store);
    drawn = [];
    const endpoint = { url: 'https://example.org', model: 'eye', key: 'secret' };
    controller.setForm({ judge: 'endpoint', endpoint });
    await controller.resume();
    const { run, results, problem } = store.getState();
    expect(problem).toBeNull();
    expect(drawn).toEqual([]);
    expect(run?.judges.map(({ title }) => title)).toEqual(['Second judge', 'Test judge']);
    expect(run && tallyOf(run, results, 'endpoint eye example.org').scored.map(({ scores }) => scores)).toEqual(
      [0, 1, 2].map(() => [0.5, 0.5, 0.5, 0.5]),
    );
    expect(tally(store)).toEqual(own);
    expect(remembered).toBeNull();
    controller.setForm({ rememberEndpoint: true });
    await controller.resume();
    expect(remembered).toEqual(endpoint);
    const records = await openRunDatabase();
    expect(
      JSON.stringify([
        await records.runs(),
        await records.scores('run 1'),
        controller.scoresFile('endpoint eye example.org'),
      ]),
    ).not.toContain('secret');
  });

  test('keeps what is finished when the browser’s storage is full', async () => {
    let room = 2;
    const full = async (): Promise<RunArchive> => {
      const records = await openRunDatabase();
      return {
        ...records,
        putDraw: (...given) => (room-- > 0 ? records.putDraw(...given) : Promise.reject(new StorageFullError(''))),
      };
    };
    const { store, controller } = await begun({ openStore: full });
    await controller.start();
    expect(store.getState()).toMatchObject({ activity: 'none', progress: { drawn: 2 } });
    expect(store.getState().problem).toBe(
      'This browser has no room for more of the run; what is finished is kept. Remove an earlier run or a stored model, then go on.',
    );
    room = 99;
    await controller.resume();
    expect(store.getState()).toMatchObject({ problem: null, progress: { drawn: 6 } });
  });

  test('waits for its model', async () => {
    const { store, controller } = await begun();
    onDraw = () => (current = 'another');
    await controller.start();
    expect(store.getState().problem).toBe(
      'This run draws with Tiny (tiny), which is not the model in the header; choose it there and go on, or start a new run.',
    );
  });

  test.each([
    [{ limit: '1.5' }, 'The number of pairs must be a whole number from 1, or “all”.'],
    [{ seed: '-1' }, 'The seed must be a whole number from 0 to 4294967295.'],
    [{ categories: ['Text difference'] as const }, 'No pair of the file is in these categories.'],
  ])('with %j says what is wrong and draws nothing', async (form, sentence) => {
    const { store, controller } = await begun();
    controller.setForm(form);
    await controller.start();
    expect(store.getState()).toMatchObject({ run: null, problem: sentence });
    expect(drawn).toEqual([]);
  });

  test('is removed with everything of it', async () => {
    const { store, controller } = await begun();
    await controller.start();
    expect(await controller.holdings('run 1')).toEqual({ draws: 6, scores: 12 });
    await controller.remove('run 1');
    expect(store.getState()).toMatchObject({ run: null, runs: [], problem: null });
    const records = await openRunDatabase();
    expect([await records.runs(), await records.draws('run 1'), await records.scores('run 1')]).toEqual([[], [], []]);
  });

  test('that is being drawn ends when it is removed, and leaves nothing', async () => {
    const { store, controller } = await begun();
    const removed: Promise<void>[] = [];
    onDraw = () => void removed.push(controller.remove('run 1'));
    await controller.start();
    await Promise.all(removed);
    expect(store.getState()).toMatchObject({ run: null, runs: [], activity: 'none', problem: null });
    const records = await openRunDatabase();
    expect(await records.holdings('run 1')).toEqual({ draws: 0, scores: 0 });
  });
});

test('what a crash left without its run is cleaned away when the page opens', async () => {
  const { controller } = await begun();
  await controller.start();
  const raw = indexedDB.open('pairscope-paircomp', 1);
  await vi.waitFor(() => expect(raw.readyState).toBe('done'));
  raw.result.transaction('runs', 'readwrite').objectStore('runs').delete('run 1');
  const again = page();
  await again.controller.open();
  await vi.waitFor(async () => expect(await again.controller.holdings('run 1')).toEqual({ draws: 0, scores: 0 }));
});

describe('a run that another tab draws', () => {
  const REFUSED = 'Another tab is drawing this run. Watch it here, or pause it there first; what is finished is kept.';
  /** Two tabs: in the middle of the first one's run the second is opened, and `meanwhile` is done in it. */
  const twoTabs = async (meanwhile: (second: ReturnType<typeof page>, first: ReturnType<typeof page>) => unknown) => {
    const first = await begun();
    const second = page();
    onDraw = async () => {
      onDraw = () => undefined;
      await second.controller.open();
      await meanwhile(second, first);
    };
    await first.controller.start();
    return { first, second };
  };
  const settled = () => vi.waitFor(() => expect(locks.size).toBe(0));

  test('is watched as it fills, and can go on here once that tab pauses', async () => {
    const { first, second } = await twoTabs(async ({ store, controller }, { controller: drawing }) => {
      await vi.waitFor(() => expect(store.getState().elsewhere).toBe(true));
      await controller.resume();
      expect(store.getState()).toMatchObject({ problem: REFUSED, activity: 'none', elsewhere: true });
      let draws = 0;
      onDraw = () => ++draws === 2 && drawing.pause();
    });
    await settled();
    await vi.waitFor(() => expect(second.store.getState().elsewhere).toBe(false));
    const { drawn: seen } = second.store.getState().progress;
    expect(seen).toBe(first.store.getState().progress.drawn);
    expect(seen).toBeLessThan(6);
    expect(tally(second.store)).toEqual(tally(first.store));

    await second.controller.resume();
    expect(second.store.getState()).toMatchObject({ problem: null, progress: { drawn: 6 } });
    expect(new Set(drawn).size).toBe(drawn.length);
    // The first tab has watched in its turn.
    await vi.waitFor(() => expect(first.store.getState().progress.drawn).toBe(6));
    expect(tally(first.store)).toEqual(tally(second.store));
  });

  test('cannot be removed or given scores, and is not disturbed', async () => {
    const file = formatScores([{ index: 0, category: 'Color difference', scores: [1, 1, 1, 1] }]);
    const { first } = await twoTabs(async ({ store, controller }) => {
      await controller.remove('run 1');
      expect(store.getState()).toMatchObject({ problem: REFUSED, runs: [{ id: 'run 1' }], run: { id: 'run 1' } });
      await controller.importScores(file, 'Somebody');
      expect(store.getState().problem).toBe(REFUSED);
    });
    expect(first.store.getState()).toMatchObject({ problem: null, progress: { drawn: 6 } });
    expect(first.store.getState().run?.judges).toHaveLength(1);
  });

  test('and removes is gone here too, with a sentence', async () => {
    const { first, second } = await twoTabs(() => undefined);
    await settled();
    await first.controller.remove('run 1');
    expect(second.store.getState()).toMatchObject({
      run: null,
      runs: [],
      remarks: ['The run that was shown here was removed in another tab.'],
    });
  });

  test('and removes leaves nothing of it even where tabs cannot hear one another', async () => {
    const deaf: RunTabs = { ...newTab(), alone: (_, work) => work(), tell: () => undefined };
    const { store, controller } = await begun({ tabs: deaf });
    onDraw = async () => {
      onDraw = () => undefined;
      await (await openRunDatabase()).remove('run 1');
    };
    await controller.start();
    expect(store.getState()).toMatchObject({
      activity: 'none',
      runs: [],
      run: null,
      problem: 'This run was removed, so nothing more of it is kept; start a new run.',
    });
    expect(await (await openRunDatabase()).holdings('run 1')).toEqual({ draws: 0, scores: 0 });
  });
});

describe('scores from a file', () => {
  const file = formatScores([
    { index: 0, category: 'Color difference', scores: [1, 1, 1, 1] },
    { index: 2, category: 'Counting difference', scores: [0.5, 0.5, 0.5, 0.5] },
  ]);

  test('stand beside the run’s own, as another judge’s', async () => {
    const { store, controller } = await begun();
    await controller.start();
    const own = tally(store);
    await controller.importScores(file, PUBLISHED_JUDGE);
    const { run, results, remarks } = store.getState();
    expect(run?.judges.map(({ id, version }) => `${id} ${version}`)).toEqual(['test 1', `imported ${PUBLISHED_JUDGE}`]);
    expect(tally(store)).toEqual(own);
    expect(run && tallyOf(run, results, `imported ${PUBLISHED_JUDGE}`).scored.map(({ index }) => index)).toEqual([
      0, 2,
    ]);
    expect(remarks).toEqual(['2 pairs have no scores: 1 and 3.']);
    expect(JSON.parse(controller.scoresFile(`imported ${PUBLISHED_JUDGE}`))).toEqual(JSON.parse(file));
    const again = page();
    await again.controller.open();
    expect(again.store.getState().run?.judges).toHaveLength(2);
  });

  test('can be looked at without a run, and refused with one sentence', async () => {
    const { store, controller } = await begun();
    await controller.importScores('{"9": []}', 'Somebody');
    expect(store.getState()).toMatchObject({
      run: null,
      problem: 'The scores file belongs to other pairs: it scores pair 9, which is not among these.',
    });
    await controller.importScores(file, 'Somebody');
    expect(store.getState()).toMatchObject({
      problem: null,
      run: { chosen: [], folder: null, judges: [{ version: 'Somebody' }] },
    });
  });
});
