import { afterEach, expect, test, vi } from 'vitest';
import { PairCompError } from '@/lib/domain';
import { fetchAuthors, fetchBuiltIn } from './pair-sources';

afterEach(() => void vi.unstubAllGlobals());

test.each([
  ['without a network', () => Promise.reject(new TypeError('Failed to fetch')), 'the connection failed'],
  ['from a server in trouble', () => Promise.resolve(new Response('', { status: 503 })), 'the server answered 503'],
])('the built-in pairs %s: one sentence and a way on', async (_, answer, why) => {
  vi.stubGlobal('fetch', answer);
  await expect(fetchBuiltIn()).rejects.toEqual(
    new PairCompError(`The built-in pairs could not be fetched: ${why}. Press Built-in to try again.`),
  );
});

test('the authors’ file without a network: one sentence and a way on', async () => {
  await expect(fetchAuthors({ ask: () => Promise.resolve({ kind: 'unreachable' }) })).rejects.toThrow(
    'it could not be reached. Download it there and choose it from disk.',
  );
});
