import { testModel } from '@/lib/models/testing';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { sameComparison } from '@/lib/comparison';
import type { Engine } from '@/lib/engine';
import { createNodeDecoder, createNodeEngine } from '@/lib/engine/node';
import type { ModelLocation } from '@/lib/models';
import { type BenchController, createBenchController } from './bench-controller';
import { createBenchStore } from './bench-store';
import type { BenchStore } from './bench-types';
import { createSessionStore, isStale, type SessionStore } from './session-store';

// The in-process engine draws with a real, tiny model; it is not for browsers, so not in the index.

const model: ModelLocation = {
  kind: 'directory',
  path: testModel('tiny-model'),
};

/** Animation frames that come as fast as they can, far apart in time, so that reveals take little real time. */
const quickFrames = () => {
  let clock = 0;
  return (callback: (timeMs: number) => void) => {
    const handle = setTimeout(() => callback((clock += 50)), 1);
    return () => clearTimeout(handle);
  };
};

let bench: BenchStore;
let session: SessionStore;
let controller: BenchController;
let end: () => void;
let engines: Engine[];
let loadGate: Promise<void>;

/** Gives the page time between steps, as a worker does. */
const paced = (engine: Engine): Engine => ({
  get info() {
    return engine.info;
  },
  load: (...given) => engine.load(...given),
  crossScores: (...given) => engine.crossScores(...given),
  dispose: () => engine.dispose(),
  async *draw(...given) {
    for await (const event of engine.draw(...given)) {
      await new Promise((resolve) => setTimeout(resolve, 1));
      yield event;
    }
  },
});

const until = async (condition: () => boolean): Promise<void> => {
  const deadline = Date.now() + 30_000;
  while (!condition()) {
    if (Date.now() > deadline)
      throw new Error(
        `Waited in vain; status is ${bench.getState().status}, notices ${JSON.stringify(session.getState().notices)}.`,
      );
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
};

const done = () =>
  until(() => bench.getState().status === 'done' && bench.getState().revealed === bench.getState().drawn);
const steps = (): number => (bench.getState().frame?.grid.rows ?? 0) * (bench.getState().frame?.grid.columns ?? 0);
const tokens = (): number[] => [
  ...(bench.getState().frame?.tokens.a ?? []),
  ...(bench.getState().frame?.tokens.b ?? []),
];

beforeEach(() => {
  bench = createBenchStore();
  session = createSessionStore();
  engines = [];
  loadGate = Promise.resolve();
  controller = createBenchController({
    bench,
    session,
    schedule: quickFrames(),
    ports: {
      createEngine: () => {
        const engine = paced(createNodeEngine());
        engines.push(engine);
        return engine;
      },
      createDecoder: createNodeDecoder,
      defaultModel: async () => {
        await loadGate;
        return 'tiny';
      },
      locate: () => Promise.resolve(model),
    },
  });
  end = controller.start();
  controller.setPrompt('a', 'a red apple');
  controller.setPrompt('b', 'a blue apple');
});
afterEach(() => end());

vi.setConfig({ testTimeout: 60_000 });

describe('drawing', () => {
  it('loads, draws every token, reveals them and decodes the pictures', async () => {
    controller.run();
    expect(bench.getState().status).toBe('loading');
    await done();
    await until(() => bench.getState().imagesFrom === steps());
    const { frame, drawn, images } = bench.getState();
    expect(drawn).toBe(steps());
    expect(frame?.origin).toBe('live');
    expect(tokens().every((token) => token >= 0)).toBe(true);
    expect(frame?.trace.length).toBe(steps());
    expect(images.a?.width).toBeGreaterThan(0);
    expect(session.getState().notices).toEqual([]);
  });

  it('gives the same tokens when run again', async () => {
    controller.run();
    await done();
    const first = tokens();
    controller.run();
    await until(() => bench.getState().status === 'drawing');
    await done();
    expect(tokens()).toEqual(first);
  });

  it('takes a second press while loading as the newer wish', async () => {
    let open = (): void => undefined;
    loadGate = new Promise((resolve) => (open = resolve));
    controller.run();
    controller.setPrompt('b', 'a green apple');
    controller.run();
    open();
    await done();
    expect(bench.getState().frame?.prompts.b).toBe('a green apple');
    expect(engines).toHaveLength(1);
  });

  it('can be stopped while loading, leaving what was there', async () => {
    controller.run();
    controller.stop();
    expect(bench.getState().status).toBe('idle');
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(bench.getState().frame).toBeNull();
    controller.run();
    await done();
    expect(bench.getState().drawn).toBe(steps());
  });
});

describe('stop, pause and going on', () => {
  it('freezes what has been on screen, and goes on to the same result', async () => {
    controller.run();
    await done();
    const whole = tokens();
    controller.run();
    await until(() => bench.getState().status === 'drawing' && bench.getState().revealed >= 1);
    controller.stop();
    const { revealed, drawn, status } = bench.getState();
    expect(status).toBe('stopped');
    expect(drawn).toBe(revealed);
    expect(
      bench
        .getState()
        .frame?.tokens.a.subarray(drawn)
        .every((token) => token === -1),
    ).toBe(true);
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(bench.getState().drawn).toBe(drawn);
    controller.resume();
    await done();
    expect(tokens()).toEqual(whole);
  });

  it('pauses and goes on', async () => {
    controller.run();
    await until(() => bench.getState().status === 'drawing');
    controller.pause();
    expect(bench.getState().status).toBe('paused');
    const { revealed } = bench.getState();
    await new Promise((resolve) => setTimeout(resolve, 40));
    expect(bench.getState().revealed).toBe(revealed);
    controller.resume();
    await done();
    expect(bench.getState().drawn).toBe(steps());
  });
});

describe('work in the background', () => {
  const drawLent = (log: string[], name: string) =>
    controller.withEngine(
      'tiny',
      async (engine, { defaults }) => {
        log.push(`${name} begins`);
        const drawn: number[] = [];
        for await (const { sides } of engine.draw({
          prompts: { a: 'an apple', b: 'a cup' },
          settings: { ...defaults, seed: 5 },
          crossLanes: false,
        }))
          drawn.push(sides.a.token);
        log.push(`${name} ends`);
        return drawn;
      },
      new AbortController().signal,
    );

  it('waits for the bench, lends for one piece at a time, and lets a press on the bench go first', async () => {
    const log: string[] = [];
    controller.setPrompt('a', 'a red apple');
    controller.setPrompt('b', 'a blue apple');
    controller.run();
    await until(() => bench.getState().drawn > 2);
    const first = drawLent(log, 'first');
    const second = drawLent(log, 'second');
    await done();
    expect(bench.getState().status).toBe('done');
    await until(() => log.includes('first begins'));
    controller.setPrompt('b', 'a green apple');
    controller.run();
    expect(await first).toEqual(await second);
    expect(log).toEqual(['first begins', 'first ends', 'second begins', 'second ends']);
    await done();
    expect(bench.getState().frame?.prompts.b).toBe('a green apple');
    expect(engines).toHaveLength(1);
  });

  it('is given up while it waits', async () => {
    const stop = new AbortController();
    controller.setPrompt('a', 'a red apple');
    controller.setPrompt('b', 'a blue apple');
    controller.run();
    const waiting = controller.withEngine('tiny', () => Promise.resolve(1), stop.signal);
    stop.abort();
    await expect(waiting).rejects.toMatchObject({ code: 'aborted' });
    await done();
  });
});

describe('nothing is lost', () => {
  it('marks the pictures after an edit, and brings a replaced result back', async () => {
    controller.run();
    await done();
    expect(isStale(bench.getState(), session.getState())).toBe(false);
    const shown = bench.getState().frame;
    controller.setPrompt('a', 'two red apples');
    expect(isStale(bench.getState(), session.getState())).toBe(true);
    const other = controller.shareable();
    if (other === null) throw new Error('Nothing to share.');
    controller.show({ ...other, prompts: { a: 'x', b: 'y' } }, { kind: 'link' });
    expect(bench.getState().frame?.origin).toBe('opened');
    expect(session.getState().notices).toHaveLength(1);
    controller.undo();
    expect(bench.getState().frame).toBe(shown);
    expect(session.getState().prompts.a).toBe('two red apples');
    expect(session.getState().undoable).toBeNull();
  });

  it('refuses unusable settings with a sentence and draws nothing', () => {
    controller.setTyped('temperature', 'hot');
    controller.run();
    expect(bench.getState().status).toBe('idle');
    expect(session.getState().notices[0]?.text).toContain('Temperature must be a number');
    expect(session.getState().settings.typed.temperature).toBe('hot');
  });

  it('says what is wrong with an empty prompt', async () => {
    controller.setPrompt('b', '');
    controller.run();
    await until(() => session.getState().notices.length === 1);
    expect(session.getState().notices[0]?.text).toContain('Prompt B has no words');
    expect(bench.getState().status).toBe('idle');
  });
});

describe('rerun', () => {
  it('replays an opened comparison and reports that this machine agrees', async () => {
    controller.run();
    await done();
    const comparison = controller.shareable();
    if (comparison === null) throw new Error('Nothing to share.');
    controller.show(
      { ...comparison, trace: { length: comparison.trace.length, precision: 'rounded' } },
      { kind: 'link' },
    );
    controller.rerun();
    await until(() => session.getState().rerun?.phase === 'done');
    const { rerun } = session.getState();
    expect(rerun?.report?.sides.a.agree).toBe(steps());
    expect(rerun?.report?.sides.b.agree).toBe(steps());
    expect(rerun?.filledIn).toBe(true);
    expect(bench.getState().frame?.trace.probability).toBeDefined();
    const shared = controller.shareable();
    expect(shared !== null && sameComparison(shared, comparison)).toBe(true);
    expect(shared?.trace.precision).toBe('rounded');
  });
});
