import { testModel } from '@/lib/models/testing';
import { createHash } from 'node:crypto';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { decodeShared, encodeSheetLink, sameComparison } from '@/lib/comparison';
import type { SamplingSettings } from '@/lib/domain';
import type { Engine, TokenReader } from '@/lib/engine';
import { createNodeDecoder, createNodeEngine } from '@/lib/engine/node';
import { createPairDrawer, type PairDrawer } from './pair-drawer';
import { createVersus, type Versus } from './versus';

// The in-process engine draws with real, tiny models; it is not for browsers, so not in the index.

const tiny = testModel('tiny-model');
const settings: SamplingSettings = {
  seed: 7,
  coupling: 'coupled',
  guidanceWeight: 3,
  temperature: 1,
  topK: 0,
  topP: 1,
  plausibility: 0,
  greedy: false,
};
const prompts = { a: 'a red apple', b: 'a blue apple' };

let models: string;
/** The tiny model, and the same with other weights. */
let folders: [string, string];
beforeAll(() => {
  models = mkdtempSync(join(tmpdir(), 'models-'));
  const put = (change: (weights: Uint8Array) => void): string => {
    const work = join(models, 'new');
    cpSync(tiny, work, { recursive: true });
    const manifest = JSON.parse(readFileSync(join(work, 'manifest.json'), 'utf8')) as {
      name: string;
      files: { weights: { sha256: string } };
    };
    const weights = readFileSync(join(work, 'weights.bin'));
    change(weights);
    manifest.files.weights.sha256 = createHash('sha256').update(weights).digest('hex');
    const bytes = JSON.stringify(manifest);
    writeFileSync(join(work, 'weights.bin'), weights);
    writeFileSync(join(work, 'manifest.json'), bytes);
    const name = `${manifest.name}@${createHash('sha256').update(bytes).digest('hex').slice(0, 16)}`;
    cpSync(work, join(models, name), { recursive: true });
    return name;
  };
  // One byte of each number's least significant four: smaller changes than would make it no number.
  folders = [
    put(() => undefined),
    put((weights) => weights.forEach((byte, i) => (weights[i] = i % 4 === 2 ? byte ^ 0x35 : byte))),
  ];
});
afterAll(() => rmSync(models, { recursive: true }));

let engines: Map<string, Engine>;
let decoders: TokenReader[];
let pairDrawer: PairDrawer;
let versus: Versus;
beforeEach(() => {
  engines = new Map();
  decoders = [];
  const location = (folder: string) => ({ kind: 'directory', path: join(models, folder) }) as const;
  pairDrawer = createPairDrawer({
    async withEngine(folder, work) {
      const engine = engines.get(folder) ?? createNodeEngine();
      engines.set(folder, engine);
      return work(engine, engine.info ?? (await engine.load(location(folder))));
    },
    createDecoder() {
      const decoder = createNodeDecoder();
      decoders.push(decoder);
      return decoder;
    },
    locate: location,
    parts: (folder) =>
      folders.includes(folder)
        ? Promise.resolve({ decoder: 'the same for both', judge: null })
        : Promise.reject(new Error(`There is no ${folder} here.`)),
  });
  versus = createVersus(pairDrawer);
});
afterEach(async () => {
  pairDrawer.rest();
  await Promise.all([...engines.values()].map((engine) => engine.dispose()));
});

test('draws one pair on two models with one decoder, and opens the same from its link', async () => {
  expect(versus.shareable()).toBeNull();
  await versus.start({ prompts, settings, folders });
  const { sheet, activity, problem } = versus.store.getState();
  expect({ activity, problem }).toEqual({ activity: 'none', problem: null });
  const [one, other] = sheet?.rows ?? [];
  expect([one?.folder, other?.folder]).toEqual(folders);
  expect(one?.frame?.tokens).not.toEqual(other?.frame?.tokens);
  expect(one?.images?.a.width).toBe(48);
  expect([one?.judged, other?.judged]).toEqual([null, null]);
  expect(decoders).toHaveLength(1);

  const shared = versus.shareable();
  if (shared === null) throw new Error('There is nothing to share.');
  expect(shared.rows[0].trace.crossScoreBits).toBeDefined();
  const link = encodeSheetLink(shared);
  const opened = decodeShared(link.ok ? link.value : '');
  if (!opened.ok || opened.value.kind !== 'sheet') throw new Error('The link does not open.');
  const loaded = engines.size;
  await versus.show(opened.value.sheet);
  expect(versus.store.getState()).toMatchObject({
    isOpen: true,
    activity: 'none',
    problem: null,
    sheet: { opened: true, prompts },
  });
  expect(versus.store.getState().sheet?.rows[1].images).toEqual(other?.images);
  expect(engines.size).toBe(loaded);
  const again = versus.comparison(1);
  expect(again !== null && sameComparison(again, shared.rows[1])).toBe(true);
});

test('a stopped drawing keeps what is finished, and what cannot be drawn is told', async () => {
  const drawing = versus.start({ prompts, settings, folders });
  const end = versus.store.subscribe(({ sheet }) => {
    if (sheet?.rows[1].frame) versus.stop();
  });
  await drawing;
  end();
  expect(versus.store.getState()).toMatchObject({ activity: 'none', problem: null });
  expect(versus.comparison(0)).not.toBeNull();
  expect(versus.comparison(1)).toBeNull();
  expect(versus.shareable()).toBeNull();
  await versus.start({ prompts: { a: '', b: '' }, settings, folders });
  expect(versus.store.getState().problem).toMatch(/has no words/);
});

test('of a sheet of a model that is gone, the other row is shown, and the failure told', async () => {
  await versus.start({ prompts, settings, folders });
  const shared = versus.shareable();
  if (shared === null) throw new Error('There is nothing to share.');
  const [one, other] = shared.rows;
  await versus.show({ rows: [{ ...one, model: { name: 'gone', hash: '0'.repeat(16) } }, other] });
  const { sheet, problem } = versus.store.getState();
  expect(sheet?.rows.map(({ images }) => images !== null)).toEqual([false, true]);
  expect(problem).not.toBeNull();
});
