import { ModelError } from '@/lib/domain';
import type { ListedFile } from './listing';
import { get, judge, type Net, NoAnswer, PassingFailure, waitAfter } from './request';

/** What receives a file from its beginning to its end. */
export interface Sink {
  /** Bytes received; the next ones belong here. */
  readonly length: number;
  append(data: Uint8Array): Promise<void>;
  /** Forgets everything received. */
  restart(): Promise<void>;
}

export interface TransferOptions {
  readonly net: Net;
  /** Past caches on the way, because a stale or damaged copy may sit in one. */
  readonly fresh?: boolean;
  /** How long a connection may bring nothing before it is given up. */
  readonly idleMs?: number;
  /** Bytes that came over the network now, whether or not they were new. */
  readonly onBytes?: (bytes: number) => void;
  /** Whether nothing is to be waited for; asked after each failure, of which so many came in a row. */
  readonly isHopeless?: (why: PassingFailure, failures: number) => boolean;
  /** A failure that may pass; the next try is after so long. */
  readonly onWait?: (waitMs: number, why: ModelError) => void;
}

/** Tries in a row that bring (nearly) nothing before it is given up. */
const MAX_FAILURES = 6;
/** A connection that brought so much was worth it: failures are counted anew. */
const WORTHWHILE_BYTES = 64 * 1024;
const IDLE_MS = 30_000;

/**
 * Receives a file from where the sink ends: asks for the rest by Range, goes on after cut and stalled connections, skips what it has
 * where the server ignores Range. Judges sizes but not contents.
 * Throws `model-missing`, `no-permission`, `model-altered` (longer than listed), `model-truncated`, `server-busy`, `network` or `aborted`; the sink keeps what came.
 */
export async function transfer(url: string, file: ListedFile, sink: Sink, options: TransferOptions): Promise<void> {
  const { net, isHopeless, onWait } = options;
  let failures = 0;
  let ranges = true;
  while (sink.length < file.bytes) {
    const before = sink.length;
    try {
      await receive(url, file, sink, options, ranges);
    } catch (error) {
      if (net.signal?.aborted) throw new ModelError('aborted', { file: file.path }, { cause: error });
      if (!(error instanceof PassingFailure)) throw error;
      if (error instanceof RangeRefused) ranges = false;
      failures = sink.length - before >= WORTHWHILE_BYTES ? 1 : failures + 1;
      if (failures >= MAX_FAILURES || isHopeless?.(error, failures)) throw error.lasting;
      const waitMs = waitAfter(failures, error.retryAfterMs);
      onWait?.(waitMs, error.lasting);
      await net.sleep(waitMs, net.signal);
    }
  }
}

/** A server that cannot give the part that was asked for; the whole may do. */
class RangeRefused extends PassingFailure {}

/** One connection. */
async function receive(
  url: string,
  file: ListedFile,
  sink: Sink,
  { net, fresh, idleMs = IDLE_MS, onBytes }: TransferOptions,
  ranges: boolean,
): Promise<void> {
  const what = { file: file.path };
  const from = ranges ? sink.length : 0;
  const stop = new AbortController();
  const signal = net.signal ? AbortSignal.any([net.signal, stop.signal]) : stop.signal;
  let idle = setTimeout(() => {
    stop.abort();
  }, idleMs);
  const lively = () => {
    clearTimeout(idle);
    idle = setTimeout(() => {
      stop.abort();
    }, idleMs);
  };
  let ended = false;
  try {
    const response = await get(url, net, signal, from > 0 ? { Range: `bytes=${from}-` } : {}, fresh).catch(
      (cause: unknown) => {
        const why = new ModelError('network', what, { cause });
        throw stop.signal.aborted ? new PassingFailure(why) : new NoAnswer(why);
      },
    );
    if (response.status === 416)
      throw new RangeRefused(new ModelError('network', { ...what, detail: 'the server answered 416' }));
    const problem = judge(response, what);
    if (problem !== null) throw problem;
    let skip = sink.length;
    if (response.status === 206) {
      if (from === 0 || !isRest(response, from, file.bytes))
        throw new RangeRefused(new ModelError('network', { ...what, detail: 'the server sent another part' }));
      skip = 0;
    }
    if (!response.body) throw new PassingFailure(new ModelError('network', what));
    const reader = response.body.getReader();
    try {
      for (;;) {
        const { done, value } = await reader.read().catch((cause: unknown) => {
          throw new PassingFailure(new ModelError('network', what, { cause }));
        });
        if (done) break;
        lively();
        const skipped = Math.min(skip, value.length);
        skip -= skipped;
        const news = value.subarray(skipped);
        if (sink.length + news.length > file.bytes) {
          throw new ModelError('model-altered', {
            ...what,
            expectedBytes: file.bytes,
            receivedBytes: sink.length + news.length,
          });
        }
        if (news.length > 0) await sink.append(news);
        onBytes?.(value.length);
      }
    } finally {
      await reader.cancel().catch(() => undefined);
    }
    ended = true;
    if (sink.length < file.bytes) {
      throw new PassingFailure(
        new ModelError('model-truncated', { ...what, expectedBytes: file.bytes, receivedBytes: sink.length }),
      );
    }
  } finally {
    clearTimeout(idle);
    // Frees the connection where the answer was not read to its end.
    if (!ended) stop.abort();
  }
}

/** Whether a partial answer begins where it was asked to and belongs to a file of that size, as far as the page may see. */
function isRest(response: Response, from: number, bytes: number): boolean {
  const header = response.headers.get('Content-Range');
  if (header === null) return true;
  const [, start, size] = /^bytes (\d+)-\d+\/(\d+|\*)$/.exec(header) ?? [];
  return start === String(from) && (size === '*' || size === String(bytes));
}
