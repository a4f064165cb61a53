import 'fake-indexeddb/auto';
import { IDBFactory, IDBObjectStore } from 'fake-indexeddb';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { DepotFullError } from './depot';
import { IndexedDbDepot } from './indexeddb-depot';

beforeEach(() => {
  vi.stubGlobal('indexedDB', new IDBFactory());
});
afterEach(() => {
  vi.restoreAllMocks();
});

const bytesOf = async (depot: IndexedDbDepot, name: string) => {
  const blob = await depot.blob(name);
  return blob && [...new Uint8Array(await blob.arrayBuffer())];
};

test('files that earlier visits stored, in the layout that never changes, are found', async () => {
  await new Promise<void>((resolve, reject) => {
    const request = indexedDB.open('pairscope-models', 1);
    request.onupgradeneeded = () => {
      request.result.createObjectStore('files');
      request.result.createObjectStore('pieces');
    };
    request.onerror = () => reject(new Error('The database failed.'));
    request.onsuccess = () => {
      const transaction = request.result.transaction(['files', 'pieces'], 'readwrite');
      transaction.objectStore('files').put({ pieces: 2, bytes: 5 }, 'model');
      transaction.objectStore('pieces').put(Uint8Array.of(1, 2, 3).buffer, ['model', 0]);
      transaction.objectStore('pieces').put(Uint8Array.of(4, 5).buffer, ['model', 1]);
      transaction.oncomplete = () => {
        request.result.close();
        resolve();
      };
    };
  });
  const depot = await IndexedDbDepot.open();
  expect(await depot.list()).toEqual([{ name: 'model', bytes: 5 }]);
  expect(await bytesOf(depot, 'model')).toEqual([1, 2, 3, 4, 5]);
});

test('a file grows, is cut within a piece, and goes', async () => {
  const depot = await IndexedDbDepot.open();
  const writer = await depot.open('model');
  await writer.append(Uint8Array.of(1, 2, 3));
  await writer.append(Uint8Array.of(4, 5, 6));
  await writer.truncate(4);
  await writer.append(Uint8Array.of(7));
  expect(writer.length).toBe(5);
  expect(await bytesOf(depot, 'model')).toEqual([1, 2, 3, 4, 7]);
  await depot.put('small', Uint8Array.of(9));
  expect(await depot.list()).toEqual([
    { name: 'model', bytes: 5 },
    { name: 'small', bytes: 1 },
  ]);
  await depot.remove('model');
  expect(await depot.blob('model')).toBeNull();
  expect(await bytesOf(depot, 'small')).toEqual([9]);
});

test('a change for which there is no room does not happen, not even in part, and that is said', async () => {
  const depot = await IndexedDbDepot.open();
  const writer = await depot.open('model');
  await writer.append(Uint8Array.of(1, 2, 3));
  // eslint-disable-next-line @typescript-eslint/unbound-method -- called with its store
  const { put } = IDBObjectStore.prototype;
  vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementation(function (this: IDBObjectStore, ...given) {
    const request = put.apply(this, given);
    // As browsers do once a change is written: the requests end first, as aborted, and the transaction knows why.
    const { transaction } = this as unknown as { transaction: { _abort(name: string): void } };
    queueMicrotask(() => transaction._abort('QuotaExceededError'));
    return request;
  });
  await expect(writer.append(Uint8Array.of(4))).rejects.toBeInstanceOf(DepotFullError);
  vi.restoreAllMocks();
  expect(writer.length).toBe(3);
  expect(await bytesOf(depot, 'model')).toEqual([1, 2, 3]);
});
