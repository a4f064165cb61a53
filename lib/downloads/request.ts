import { ModelError, type ModelErrorData } from '@/lib/domain';

/** The network, and time, as downloads use them. */
export interface Net {
  readonly fetch: typeof fetch;
  readonly signal?: AbortSignal | undefined;
  /** The device has no network: a failure will not pass while somebody waits for an answer to a press. */
  readonly isOffline: () => boolean;
  /** Waits so long; rejects when the signal is aborted. */
  readonly sleep: (ms: number, signal: AbortSignal | undefined) => Promise<void>;
}

export const realSleep: Net['sleep'] = (ms, signal) =>
  new Promise((resolve, reject) => {
    const giveUp = () => {
      clearTimeout(timer);
      reject(new ModelError('aborted', {}, { cause: signal?.reason }));
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', giveUp);
      resolve();
    }, ms);
    if (signal?.aborted) giveUp();
    else signal?.addEventListener('abort', giveUp, { once: true });
  });

/** Tries in a row before a small answer is given up: somebody waits for it. */
const REQUEST_TRIES = 3;
const LONGEST_WAIT_MS = 60_000;

/** An answer or a failure after which trying again makes sense. */
export class PassingFailure extends Error {
  override readonly name = 'PassingFailure';

  constructor(
    /** What it is if it does not pass. */
    readonly lasting: ModelError,
    /** How long the server asked to wait; null if it did not say. */
    readonly retryAfterMs: number | null = null,
  ) {
    super(lasting.message);
  }
}

/** Nobody answered at all: no server is there, or no way to it. */
export class NoAnswer extends PassingFailure {}

/** How long to wait after so many failures in a row: what the server asks for, or twice as long each time. */
export const waitAfter = (failures: number, retryAfterMs: number | null): number =>
  Math.min(LONGEST_WAIT_MS, retryAfterMs ?? 500 * 2 ** (failures - 1));

/** `Retry-After`: seconds, or a date. */
function retryAfterMs(response: Response): number | null {
  const header = response.headers.get('Retry-After');
  if (header === null) return null;
  const seconds = /^\d+$/.test(header) ? Number(header) : (Date.parse(header) - Date.now()) / 1000;
  return Number.isNaN(seconds) ? null : Math.max(0, seconds * 1000);
}

/** What is asked for, for messages. */
export type What = Pick<ModelErrorData, 'file' | 'model'>;

/** Sorts answers that are not the file: those that may pass, and those that will not. */
export function judge(response: Response, what: What): ModelError | PassingFailure | null {
  const { status } = response;
  if (response.ok) return null;
  const network = new ModelError('network', { ...what, detail: `the server answered ${status}` });
  if (status === 429) return new PassingFailure(new ModelError('server-busy', what), retryAfterMs(response));
  if (status === 408 || status >= 500) return new PassingFailure(network, retryAfterMs(response));
  if (status === 404 || status === 410) return new ModelError('model-missing', what);
  if (status === 401 || status === 403) return new ModelError('no-permission', what);
  return network;
}

/** One GET without cookies, referrer or caches that would keep hundreds of megabytes twice. */
export function get(
  url: string,
  { fetch }: Net,
  signal: AbortSignal | undefined,
  headers: Record<string, string> = {},
  fresh = false,
): Promise<Response> {
  return fetch(url, {
    headers,
    ...(signal && { signal }),
    credentials: 'omit',
    referrerPolicy: 'no-referrer',
    cache: fresh ? 'reload' : 'no-store',
  });
}

/** A small answer, tried again while the failure may pass; without a network it does not. `refused` says what 401, 403 and 404 mean here. */
export async function request(
  url: string,
  net: Net,
  { what, refused }: { readonly what: What; readonly refused: (response: Response) => ModelError },
): Promise<Response> {
  for (let failures = 1; ; failures++) {
    let problem: ModelError | PassingFailure | null;
    try {
      const response = await get(url, net, net.signal);
      problem = [401, 403, 404].includes(response.status) ? refused(response) : judge(response, what);
      if (problem === null) return response;
    } catch (cause) {
      if (net.signal?.aborted) throw new ModelError('aborted', {}, { cause });
      problem = new PassingFailure(new ModelError('network', what, { cause }));
    }
    if (!(problem instanceof PassingFailure)) throw problem;
    if (failures >= REQUEST_TRIES || net.isOffline()) throw problem.lasting;
    await net.sleep(waitAfter(failures, problem.retryAfterMs), net.signal);
  }
}

/** All of a small answer. Throws `network` where the connection is cut in the middle of it, `aborted` where the signal is. */
export async function bodyOf(response: Response, what: What, signal?: AbortSignal): Promise<Uint8Array<ArrayBuffer>> {
  try {
    return new Uint8Array(await response.arrayBuffer());
  } catch (cause) {
    throw new ModelError(signal?.aborted ? 'aborted' : 'network', signal?.aborted ? {} : what, { cause });
  }
}
