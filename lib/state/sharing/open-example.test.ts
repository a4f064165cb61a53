import { onlineManager } from '@tanstack/react-query';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { sampleComparison } from '@/lib/comparison/testing';
import { createBenchStore, type BenchController } from '@/lib/state/bench';
import { createQueries, onPress } from '@/lib/state/page';
import type { Example, LoadedExample } from './examples';
import { createExampleOpener } from './open-example';

type Notice = Parameters<BenchController['notify']>[0];

const [red, blue] = ['red', 'blue'].map((id) => ({ id, title: `${id} apple` }) as Example) as [Example, Example];
const picture = { width: 1, height: 1, data: new Uint8ClampedArray(4) };
const loaded = (example: Example): LoadedExample => ({
  example,
  comparison: sampleComparison(),
  images: { a: picture, b: picture },
});

/** A bench with a network whose answers come when the test says so. */
const setUp = () => {
  const bench = createBenchStore(null);
  const queries = createQueries();
  queries.mount();
  const shown: string[] = [];
  const notices: Notice[] = [];
  const pending: { readonly id: string; readonly answer: () => void; readonly fail: () => void }[] = [];
  const fetchOne = (example: Example): Promise<LoadedExample> =>
    new Promise((resolve, reject) =>
      pending.push({
        id: example.id,
        answer: () => resolve(loaded(example)),
        fail: () => reject(new TypeError('Failed to fetch')),
      }),
    );
  const open = createExampleOpener(
    bench,
    {
      show: (_, source) => void shown.push(source.kind === 'example' ? source.id : ''),
      notify: (notice) => void notices.push(notice),
    },
    (example) => queries.fetchQuery({ queryKey: [example.id], queryFn: () => fetchOne(example), ...onPress }),
  );
  return { bench, shown, notices, pending, open };
};

beforeEach(() => onlineManager.setOnline(true));
afterEach(() => onlineManager.setOnline(true));

test('a press without a network gives its sentence at once, and nothing opens when the network is back', async () => {
  onlineManager.setOnline(false);
  const { shown, notices, pending, open } = setUp();
  const opening = open(red);
  await vi.waitFor(() => expect(pending).toHaveLength(1));
  pending[0]?.fail();
  await opening;
  expect(notices).toEqual([
    expect.objectContaining({
      text: 'The recorded comparison “red apple” could not be fetched. Check the connection and try again.',
    }),
  ]);
  onlineManager.setOnline(true);
  await new Promise((resolve) => setTimeout(resolve, 0));
  expect(pending).toHaveLength(1);
  expect(shown).toEqual([]);
  // Another press is another try.
  notices[0]?.action?.run();
  await vi.waitFor(() => expect(pending).toHaveLength(2));
  pending[1]?.answer();
  await vi.waitFor(() => expect(shown).toEqual(['red']));
});

test('of two presses the later one is what is shown, whichever answer comes last', async () => {
  const { shown, notices, pending, open } = setUp();
  const both = Promise.all([open(red), open(blue)]);
  await vi.waitFor(() => expect(pending.map(({ id }) => id)).toEqual(['red', 'blue']));
  pending[1]?.answer();
  pending[0]?.answer();
  await both;
  expect(shown).toEqual(['blue']);
  expect(notices).toEqual([]);
});

test.each(['answer', 'fail'] as const)('after Run was pressed, a late %s changes nothing', async (ending) => {
  const { bench, shown, notices, pending, open } = setUp();
  const opening = open(red);
  await vi.waitFor(() => expect(pending).toHaveLength(1));
  bench.setState({ status: 'loading' });
  pending[0]?.[ending]();
  await opening;
  expect([shown, notices]).toEqual([[], []]);
});

test('a press while something is drawn is answered, whatever becomes of the drawing', async () => {
  const { bench, shown, pending, open } = setUp();
  bench.setState({ status: 'loading' });
  const opening = open(red);
  await vi.waitFor(() => expect(pending).toHaveLength(1));
  bench.setState({ status: 'drawing' });
  pending[0]?.answer();
  await opening;
  expect(shown).toEqual(['red']);
});
