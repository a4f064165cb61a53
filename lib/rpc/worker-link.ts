import type { Endpoint } from './endpoint';
import { watchLife } from './life';

/** The client's end of a worker: how to talk to it, how it may die, how to end it. */
export interface WorkerLink {
  readonly endpoint: Endpoint;
  onCrash(listener: (reason: string) => void): void;
  terminate(): void;
}

/** A worker whose script did not arrive: browsers report it without a word. */
export const NOT_STARTED = 'the worker could not start';

/** What browsers say where a script that the worker's own first one asks for did not arrive. */
const UNFETCHED = /importScripts|NetworkError|imported module|load (?:worker )?(?:chunk|script)|ChunkLoadError/i;

/** A browser's worker as a link. Faults outside its handlers, messages that cannot be read, and its end count as crashes. */
export function link(worker: Worker): WorkerLink {
  const ended: (() => void)[] = [];
  const stopWatching = watchLife(worker, () => {
    for (const listener of ended) listener();
  });
  return {
    endpoint: worker,
    onCrash: (listener) => {
      worker.addEventListener('error', (event) => {
        // Where the first script did not arrive it is an event without a message.
        const message = (event.message as string | undefined) ?? '';
        listener(message === '' || UNFETCHED.test(message) ? NOT_STARTED : message);
      });
      worker.addEventListener('messageerror', () => {
        listener('a message could not be read');
      });
      ended.push(() => {
        listener('it ended');
      });
    },
    terminate: () => {
      stopWatching();
      worker.terminate();
    },
  };
}
