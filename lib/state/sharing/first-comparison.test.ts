import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { encodeLink } from '@/lib/comparison';
import { sampleComparison } from '@/lib/comparison/testing';
import { createBenchController, createBenchStore, createSessionStore } from '@/lib/state/bench';
import type { LoadedExample } from './examples';
import { openFirst } from './first-comparison';
import { type FirstView, openFirstView } from './first-view';
import { writeUnsaved } from './unsaved';
import type { AddressBar } from './view-address';

const linked = { ...sampleComparison(), prompts: { a: 'a linked apple', b: 'a linked pear' } };
const recorded = { ...sampleComparison(), prompts: { a: 'a recorded apple', b: 'a recorded pear' } };
const drawn = { ...sampleComparison(), prompts: { a: 'a drawn apple', b: 'a drawn pear' } };
const encoded = encodeLink(linked);
const fragment = encoded.ok ? encoded.value : '';
const picture = { width: 1, height: 1, data: new Uint8ClampedArray(4) };
const example = {
  example: { id: 'first', title: 'First' },
  comparison: recorded,
  images: { a: picture, b: picture },
} as LoadedExample;

const unneeded = (): never => {
  throw new Error('No engine is needed to open a comparison.');
};

/** The bench's page at an address. */
const pageAt = (address: string, served: FirstView | null = null) => {
  const opened = openFirstView(served);
  const first = opened?.frame ?? null;
  const bench = createBenchStore(first);
  const session = createSessionStore(opened?.session);
  const ports = { createEngine: unneeded, createDecoder: unneeded, defaultModel: unneeded, locate: unneeded };
  const controller = createBenchController({ bench, session, ports });
  const page = { address, changed: (): void => undefined };
  const bar: AddressBar = {
    read: () => page.address,
    replace: (next) => void (page.address = next),
    watch: (changed) => {
      page.changed = changed;
      return () => void (page.changed = () => undefined);
    },
  };
  const showSheet = vi.fn();
  const examples = { list: () => Promise.resolve([example.example]), load: () => Promise.resolve(example) };
  const stop = openFirst({ first, bench, session, controller, showSheet, examples, bar });
  return { bench, session, controller, page, stop, settled: () => new Promise((resolve) => setTimeout(resolve, 0)) };
};

beforeEach(() => {
  vi.stubGlobal('document', { documentElement: { dataset: {} } });
  const kept = new Map<string, string>();
  vi.stubGlobal('sessionStorage', {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
    removeItem: (key: string) => void kept.delete(key),
  });
});
afterEach(() => void vi.unstubAllGlobals());

it('shows the comparison of the address, and leaves the address', async () => {
  const { bench, page, settled } = pageAt(`/play/${fragment}`);
  await settled();
  expect(bench.getState().frame?.prompts).toEqual(linked.prompts);
  expect(page.address).toBe(`/play/${fragment}`);
});

it('says what is wrong with a damaged link and keeps its address until something else is asked for', async () => {
  const damaged = `/?view=tokens${fragment.slice(0, -9)}`;
  const { bench, session, page, settled } = pageAt(damaged);
  await settled();
  expect(session.getState().unreadable?.message).toContain('cut off');
  expect(session.getState().unreadable?.address).toBe(damaged);
  expect(page.address).toBe(damaged);
  session.setState({ unreadable: null });
  expect(bench.getState().frame?.prompts).toEqual(recorded.prompts);
  expect(page.address).toBe('/?view=tokens');
});

it('a comparison that is opened or drawn takes the place of a damaged link', async () => {
  const { controller, session, page, settled } = pageAt(`/${fragment.slice(0, -9)}`);
  await settled();
  controller.show(drawn, { kind: 'file', name: 'drawn.json' });
  expect(session.getState().unreadable).toBeNull();
  expect(page.address).toBe('/');
});

it('a whole link that is put into the address later takes the place of a damaged one', async () => {
  const { bench, session, page, settled } = pageAt(`/${fragment.slice(0, -9)}`);
  await settled();
  page.address = `/${fragment}`;
  page.changed();
  expect(session.getState().unreadable).toBeNull();
  expect(bench.getState().frame?.prompts).toEqual(linked.prompts);
  expect(page.address).toBe(`/${fragment}`);
});

it('opens a link that is put into the address later, until the page is left', async () => {
  const { bench, page, stop, settled } = pageAt('/');
  await settled();
  expect(bench.getState().frame?.prompts).toEqual(recorded.prompts);
  page.address = `/${fragment}`;
  page.changed();
  expect(bench.getState().frame?.prompts).toEqual(linked.prompts);
  stop();
  page.changed();
  expect(page.address).toBe(`/${fragment}`);
});

it('brings back what was drawn in this tab, before any recorded one, and a link before both', async () => {
  writeUnsaved(drawn);
  const { bench, stop, settled } = pageAt('/');
  await settled();
  expect(bench.getState().frame?.prompts).toEqual(drawn.prompts);
  stop();
  expect(pageAt(`/${fragment}`).bench.getState().frame?.prompts).toEqual(linked.prompts);
});

it('forgets the link in the address once something else is on screen', async () => {
  const { controller, page, settled } = pageAt(`/?x=1${fragment}`);
  await settled();
  controller.show(recorded, { kind: 'example', id: 'first', title: 'First' });
  expect(page.address).toBe('/?x=1');
});

it('keeps what is typed over a reload', async () => {
  const first = pageAt('/');
  await first.settled();
  first.controller.setPrompt('a', 'half a sente');
  first.stop();
  const second = pageAt('/');
  await second.settled();
  expect(second.session.getState().prompts.a).toBe('half a sente');
});

const recordedLink = encodeLink(recorded);
const served: FirstView = { example: example.example, link: recordedLink.ok ? recordedLink.value : '' };

it('shows what the page was served with at once, and its exact numbers as soon as they are here', async () => {
  const { bench, session, settled } = pageAt('/', served);
  expect(bench.getState()).toMatchObject({ frame: { prompts: recorded.prompts }, status: 'done', images: { a: null } });
  expect(session.getState().prompts).toEqual(recorded.prompts);
  bench.getState().actions.lock(3);
  await settled();
  expect(bench.getState().frame?.trace.precision).toBe('exact');
  expect(bench.getState()).toMatchObject({ images: { a: picture }, lockedStep: 3 });
  expect(session.getState().notices).toEqual([]);
});

it('a link takes the place of what the page was served with, without a word about it', async () => {
  const { bench, session, settled } = pageAt(`/${fragment}`, served);
  expect(bench.getState().frame?.prompts).toEqual(linked.prompts);
  await settled();
  expect(bench.getState().frame?.prompts).toEqual(linked.prompts);
  expect(session.getState().notices).toEqual([]);
});
