import { expect, test } from 'vitest';
import { link, NOT_STARTED } from './worker-link';

/** As much of a worker as a link takes, which fails with a message. */
const failing = (message: string | undefined): string[] => {
  const worker = Object.assign(new EventTarget(), { postMessage: () => undefined, terminate: () => undefined });
  const reasons: string[] = [];
  const linked = link(worker as unknown as Worker);
  linked.onCrash((reason) => reasons.push(reason));
  worker.dispatchEvent(Object.assign(new Event('error'), { message }));
  linked.terminate();
  return reasons;
};

test.each([
  undefined,
  '',
  "Uncaught NetworkError: Failed to execute 'importScripts' on 'WorkerGlobalScope': The script at 'http://x/a.js' failed to load.",
  'NetworkError: WorkerGlobalScope.importScripts: Failed to load worker script at http://x/a.js',
  'NetworkError: A network error occurred.',
  'Uncaught TypeError: Failed to fetch dynamically imported module: http://x/a.js',
  'Uncaught ChunkLoadError: Failed to load chunk static/a.js',
])('a script that did not arrive is told from a crash: "%s"', (message) => {
  expect(failing(message)).toEqual([NOT_STARTED]);
});

test.each(['Uncaught RangeError: Invalid array length', 'Uncaught RuntimeError: memory access out of bounds'])(
  'a crash says what it was: "%s"',
  (message) => {
    expect(failing(message)).toEqual([message]);
  },
);
