import { onlineManager, QueryObserver } from '@tanstack/react-query';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createQueries, onPress } from './queries';

let asked: number;
const unreachable = (): Promise<string> => {
  asked++;
  return Promise.reject(new TypeError('Failed to fetch'));
};
const answer = (): Promise<string> => {
  asked++;
  return Promise.resolve('here');
};

beforeEach(() => {
  asked = 0;
  onlineManager.setOnline(false);
});
afterEach(() => onlineManager.setOnline(true));

/** Everything that the return of a network could set off has begun. */
const backOnline = async (): Promise<void> => {
  onlineManager.setOnline(true);
  await new Promise((resolve) => setTimeout(resolve, 0));
};

test('a press without a network fails at once, and is not made up for later', async () => {
  const queries = createQueries();
  queries.mount();
  await expect(queries.fetchQuery({ queryKey: ['pressed'], queryFn: unreachable, ...onPress })).rejects.toThrow();
  expect(asked).toBe(1);
  await backOnline();
  expect(asked).toBe(1);
  expect(await queries.fetchQuery({ queryKey: ['pressed'], queryFn: answer, ...onPress })).toBe('here');
  queries.unmount();
});

test('neither is one whose outcome is on screen', async () => {
  const queries = createQueries();
  queries.mount();
  const observer = new QueryObserver(queries, { queryKey: ['shown'], queryFn: unreachable, ...onPress });
  const stop = observer.subscribe(() => undefined);
  await vi.waitFor(() => expect(observer.getCurrentResult()).toMatchObject({ isError: true, fetchStatus: 'idle' }));
  await backOnline();
  expect(asked).toBe(1);
  stop();
  queries.unmount();
});

test('what the page shows by itself is tried without a network too, and read when there is one', async () => {
  const queries = createQueries();
  queries.mount();
  let work = unreachable;
  const observer = new QueryObserver(queries, { queryKey: ['list'], queryFn: () => work(), staleTime: Infinity });
  const stop = observer.subscribe(() => undefined);
  await vi.waitFor(() => expect(observer.getCurrentResult().isError).toBe(true));
  expect(asked).toBe(1);
  work = answer;
  await backOnline();
  await vi.waitFor(() => expect(observer.getCurrentResult().data).toBe('here'));
  stop();
  queries.unmount();
});

test('what needs no network is done without one', async () => {
  expect(await createQueries().fetchQuery({ queryKey: ['local'], queryFn: answer })).toBe('here');
});
