import { ModelError } from '@/lib/domain';
import type { ListedFile } from './listing';
import type { Locks } from './locks';
import { fileUrl } from './origin';
import { type DownloadProgress, ProgressMeter } from './progress';
import { type Net, NoAnswer } from './request';
import type { ModelRecord, ModelStore } from './store';
import { transfer } from './transfer';

export interface DownloadOptions {
  readonly store: ModelStore;
  readonly locks: Locks;
  readonly net: Net;
  readonly onProgress?: (progress: DownloadProgress) => void;
  /** Files at once. */
  readonly parallel?: number;
  readonly idleMs?: number;
}

export interface Downloaded {
  /** Every file that was asked for, verified. */
  readonly blobs: ReadonlyMap<ListedFile, Blob>;
  /** False where something is kept in memory only, and will be downloaded again on the next visit. */
  readonly lasting: boolean;
}

const PARALLEL = 3;
/** Tries in a row that nobody answers before a download that has brought nothing yet is given up: a person waits beside its button. */
const TRIES_WITHOUT_ANSWER = 2;

/**
 * Downloads files of a model: what is here already is not asked for again, what is here in part is continued, and what arrives is verified before it
 * counts. Stops at the first file that cannot be had; parts stay for the next time.
 * Throws `model-missing`, `model-altered`, `model-truncated`, `no-permission`, `server-busy`, `network` or `aborted`.
 */
export async function download(model: ModelRecord, options: DownloadOptions): Promise<Downloaded> {
  const { store, net, parallel = PARALLEL } = options;
  const meter = new ProgressMeter(model.files, options.onProgress);
  const stop = new AbortController();
  const signal = net.signal ? AbortSignal.any([net.signal, stop.signal]) : stop.signal;
  const blobs = new Map<ListedFile, Blob>();
  let lasting = (await store.remember(model)) && store.lasting;
  if (!lasting) meter.notLasting();
  // The largest first: they take longest, and small ones fill the gaps.
  const queue = [...model.files].sort((one, other) => other.bytes - one.bytes);
  const work = async (): Promise<void> => {
    for (let file = queue.shift(); file; file = queue.shift()) {
      const result = await fetchFile(model, file, { ...options, net: { ...net, signal } }, meter);
      blobs.set(file, result.blob);
      if (!result.lasting && lasting) {
        lasting = false;
        meter.notLasting();
      }
    }
  };
  let failure: unknown;
  await Promise.all(
    Array.from({ length: parallel }, () =>
      work().catch((error: unknown) => {
        failure ??= error;
        stop.abort();
      }),
    ),
  );
  if (net.signal?.aborted) throw new ModelError('aborted', {}, { cause: net.signal.reason });
  if (failure !== undefined) throw failure as Error;
  return { blobs, lasting };
}

interface Fetched {
  readonly blob: Blob;
  readonly lasting: boolean;
}

/** One file, by one tab at a time: whoever waited finds it here. */
function fetchFile(
  model: ModelRecord,
  file: ListedFile,
  options: DownloadOptions,
  meter: ProgressMeter,
): Promise<Fetched> {
  const { store, locks, net } = options;
  const onWait = () => {
    meter.set(file.path, { phase: 'elsewhere' });
  };
  return locks.run(`download ${file.digest}`, { signal: net.signal, onWait }, async () => {
    const stored = await store.blob(file);
    if (stored) {
      meter.set(file.path, { phase: 'done', receivedBytes: file.bytes });
      return { blob: stored, lasting: store.lasting };
    }
    return receiveFile(model, file, options, meter);
  });
}

async function receiveFile(
  model: ModelRecord,
  file: ListedFile,
  options: DownloadOptions,
  meter: ProgressMeter,
  inMemory = false,
): Promise<Fetched> {
  const { store, net, idleMs } = options;
  const { path } = file;
  const part = await store.continue(file, net.signal, (receivedBytes) => {
    meter.set(path, { phase: 'checking', receivedBytes });
  });
  try {
    // One more try from the beginning if what arrived is not the file: a damaged part, or a stale copy on the way.
    for (const fresh of [false, true]) {
      meter.set(path, { phase: 'downloading', receivedBytes: part.length });
      try {
        await transfer(fileUrl(model.origin, path), file, part, {
          net,
          fresh,
          ...(idleMs !== undefined && { idleMs }),
          onBytes: (bytes) => {
            meter.arrived(bytes);
            meter.set(path, { phase: 'downloading', receivedBytes: part.length });
          },
          // A download that was under way waits for its network; one that was begun without one does not begin later.
          isHopeless: (why, failures) =>
            !meter.hasArrived && (net.isOffline() || (why instanceof NoAnswer && failures >= TRIES_WITHOUT_ANSWER)),
          onWait: () => {
            meter.set(path, { phase: 'waiting' });
          },
        });
        if (await part.finish()) {
          await part.close();
          const blob = await store.blob(file);
          if (!blob) {
            if (inMemory)
              throw new ModelError('model-missing', {
                file: path,
                detail: 'it was removed while it was being downloaded',
              });
            await store.giveDiskUp(file);
            return await receiveFile(model, file, options, meter, true);
          }
          meter.set(path, { phase: 'done', receivedBytes: file.bytes });
          return { blob, lasting: part.lasting };
        }
      } catch (error) {
        if (!(error instanceof ModelError) || error.code !== 'model-altered' || fresh) throw error;
      }
      await part.restart();
    }
    throw new ModelError('model-altered', { file: path });
  } finally {
    await part.close();
  }
}
