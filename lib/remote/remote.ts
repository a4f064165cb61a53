import { EngineError } from '@/lib/domain';

export interface RemoteRequest {
  readonly url: string;
  readonly method?: 'GET' | 'POST';
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly timeoutMs: number;
  readonly maxBytes: number;
}

/** What another host answered, or why there is no answer. A browser does not tell an unreachable host from one that refuses this page. */
export type RemoteAnswer =
  | {
      readonly kind: 'answer';
      readonly status: number;
      readonly retryAfterSeconds: number | null;
      readonly text: string;
    }
  | { readonly kind: 'unreachable' | 'timeout' | 'too-large' | 'redirected' };

/** Speaks to hosts that a person named or pressed a button for; nothing else does. */
export interface Remote {
  /** @throws EngineError `aborted` */
  ask(request: RemoteRequest, options?: { readonly signal?: AbortSignal | undefined }): Promise<RemoteAnswer>;
}

/** The body as text; null when it is larger than allowed. */
async function readText(response: Response, maxBytes: number): Promise<string | null> {
  if (Number(response.headers.get('content-length')) > maxBytes) return null;
  const reader = response.body?.getReader();
  if (!reader) return '';
  const decoder = new TextDecoder();
  let bytes = 0;
  let text = '';
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return text + decoder.decode();
    bytes += value.length;
    if (bytes > maxBytes) {
      await reader.cancel();
      return null;
    }
    text += decoder.decode(value, { stream: true });
  }
}

/** Asks over `fetch`, without cookies and without telling where it comes from. */
export const fetchRemote = (fetcher: typeof fetch): Remote => ({
  async ask({ url, method = 'GET', headers, body, timeoutMs, maxBytes }, { signal } = {}) {
    const timeout = AbortSignal.timeout(timeoutMs);
    try {
      const response = await fetcher(url, {
        method,
        ...(headers && { headers }),
        ...(body !== undefined && { body }),
        credentials: 'omit',
        referrerPolicy: 'no-referrer',
        cache: 'no-store',
        // What is sent is for the host that was named: no answer may send it on to another.
        redirect: 'manual',
        signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
      });
      // A browser shows a redirect as an opaque answer, Node as it is.
      if (response.type === 'opaqueredirect' || (response.status >= 300 && response.status < 400))
        return { kind: 'redirected' };
      const text = await readText(response, maxBytes);
      if (text === null) return { kind: 'too-large' };
      const after = Number(response.headers.get('retry-after') ?? NaN);
      return {
        kind: 'answer',
        status: response.status,
        retryAfterSeconds: Number.isFinite(after) && after >= 0 ? after : null,
        text,
      };
    } catch (cause) {
      if (signal?.aborted) throw new EngineError('aborted', {}, { cause });
      return { kind: timeout.aborted ? 'timeout' : 'unreachable' };
    }
  },
});
