import { EngineError, PairCompError } from '@/lib/domain';
import { encodePng } from '@/lib/export';
import type { Remote } from '@/lib/remote';
import * as z from '@/lib/schema';
import { endpointWords } from './endpoint-words';
import { type PairCompJudge, question, type Score, scoreOfFirstTokens } from './judges';

/** A vision model of the person's own, behind the chat-completions interface that many servers share. */
export interface Endpoint {
  /** The server, with or without `/v1/chat/completions`. */
  readonly url: string;
  readonly model: string;
  /** Sent as a bearer token and nowhere else; empty for none. */
  readonly key: string;
}

export interface EndpointOptions {
  /** Of the page, or null outside one. */
  readonly pageProtocol: string | null;
  readonly sleep: (ms: number, signal?: AbortSignal) => Promise<void>;
}

export const ENDPOINT_JUDGE = 'endpoint';

const TIMEOUT_MS = 60_000;
const MAX_BYTES = 2_000_000;
const ATTEMPTS = 4;
const FIRST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 60_000;
/** As many alternatives as common servers give. */
const TOP = 20;

const isLoopback = (host: string) => /^(localhost|127(\.\d+){3}|\[::1\]|.*\.localhost)$/.test(host);

/** A path without the slashes at its end. */
function withoutSlashes(path: string): string {
  let end = path.length;
  while (path[end - 1] === '/') end--;
  return path.slice(0, end);
}

/** Where chat completions are asked for. @throws PairCompError in a sentence for what is no address, or one that the page may not ask */
export function endpointUrl({ url, model }: Pick<Endpoint, 'url' | 'model'>, pageProtocol: string | null): URL {
  const words = endpointWords(pageProtocol);
  const text = url.trim();
  const parsed = URL.canParse(text) ? new URL(text) : null;
  if (parsed === null || !['http:', 'https:'].includes(parsed.protocol))
    throw new PairCompError(
      'The judge’s address must begin with http:// or https://, for example http://localhost:8000/v1.',
    );
  if (parsed.username !== '' || parsed.password !== '' || parsed.search !== '')
    throw new PairCompError(`The judge’s address must not hold a password or a query; ${words.giveKey}.`);
  if (model.trim() === '') throw new PairCompError(words.giveModel);
  if (pageProtocol === 'https:' && parsed.protocol === 'http:' && !isLoopback(parsed.hostname)) {
    throw new PairCompError(
      `This page came over https, so the browser does not let it ask ${parsed.host} over http; use an https address, or a server on this computer.`,
    );
  }
  const path = withoutSlashes(parsed.pathname);
  parsed.hash = '';
  parsed.pathname = path.endsWith('/chat/completions') ? path : `${path === '' ? '/v1' : path}/chat/completions`;
  return parsed;
}

const tokenSchema = z.object({ token: z.string(), logprob: z.number() });
const answerSchema = z.object({
  choices: z.tuple(
    [
      z.object({
        logprobs: z.object({
          content: z.tuple(
            [z.extend(tokenSchema, { top_logprobs: z._default(z.array(tokenSchema), []) })],
            z.unknown(),
          ),
        }),
      }),
    ],
    z.unknown(),
  ),
});
const errorSchema = z.object({
  error: z.union([
    z.string(),
    z.pipe(
      z.object({ message: z.string() }),
      z.transform(({ message }) => message),
    ),
  ]),
});

/** S from a chat completion with the probabilities of its first token. An answer without them is unscored, never a guess. */
export function readAnswer(text: string): Score {
  const parsed = z.parseJson(text, answerSchema);
  if (!parsed.ok)
    return {
      unscored:
        parsed.error.kind === 'unexpected' && parsed.error.path !== ''
          ? 'The judge’s server gave no probabilities of its first token (logprobs).'
          : 'The judge’s server answered with something that is no chat completion.',
    };
  const [{ token, logprob, top_logprobs: top }] = parsed.value.choices[0].logprobs.content;
  const all = top.some((each) => each.token === token) ? top : [...top, { token, logprob }];
  const score = scoreOfFirstTokens(all.map((each) => [each.token, Math.exp(each.logprob)] as const));
  return score === null
    ? { unscored: 'Neither yes nor no is among the likely first words of the judge’s answer.' }
    : { score };
}

const base64 = (bytes: Uint8Array): string => {
  const pieces: string[] = [];
  for (let at = 0; at < bytes.length; at += 0x8000)
    pieces.push(String.fromCharCode(...bytes.subarray(at, at + 0x8000)));
  return btoa(pieces.join(''));
};

/** What a server said about its refusal, without the key, which some repeat. */
function reasonOf(text: string, key: string): string {
  const parsed = z.parseJson(text, errorSchema);
  if (!parsed.ok) return '';
  const { error } = parsed.value;
  const said = (key === '' ? error : error.replaceAll(key, '…')).replace(/\s+/g, ' ').trim().slice(0, 200);
  return said === '' ? '' : ` (“${said}”)`;
}

/** @throws PairCompError where the endpoint's address cannot be used */
export function endpointJudge(
  endpoint: Endpoint,
  remote: Remote,
  { pageProtocol, sleep }: EndpointOptions,
): PairCompJudge {
  const url = endpointUrl(endpoint, pageProtocol);
  const [model, key] = [endpoint.model.trim(), endpoint.key.trim()];
  const words = endpointWords(pageProtocol);

  const ask = async (body: string, signal: AbortSignal | undefined): Promise<string> => {
    for (let attempt = 1; ; attempt++) {
      const answer = await remote.ask(
        {
          url: url.href,
          method: 'POST',
          headers: { 'content-type': 'application/json', ...(key !== '' && { authorization: `Bearer ${key}` }) },
          body,
          timeoutMs: TIMEOUT_MS,
          maxBytes: MAX_BYTES,
        },
        { signal },
      );
      switch (answer.kind) {
        case 'unreachable':
          throw new PairCompError(words.unreachable(url.host));
        case 'redirected':
          throw new PairCompError(
            `${url.host} sends requests on to another address, and prompts and pictures do not go where nobody named; ${words.giveAddress}.`,
          );
        case 'too-large':
          throw new PairCompError(`${url.host} sent far more than an answer.`);
        case 'timeout':
          if (attempt === ATTEMPTS)
            throw new PairCompError(
              `${url.host} did not answer within ${TIMEOUT_MS / 1000} seconds, ${ATTEMPTS} times over.`,
            );
          break;
        case 'answer': {
          const { status, text, retryAfterSeconds } = answer;
          if (status >= 200 && status < 300) return text;
          if (status === 401 || status === 403)
            throw new PairCompError(`${url.host} refuses this key (${status}); ${words.correctKey}.`);
          if (status !== 429 && status < 500)
            throw new PairCompError(
              `${url.host} refuses the request (${status})${reasonOf(text, key)}; ${words.checkAddressAndModel}.`,
            );
          if (attempt === ATTEMPTS) {
            throw new PairCompError(
              status === 429
                ? `${url.host} has had too many requests (429); ${words.goOnLater}.`
                : `${url.host} fails (${status})${reasonOf(text, key)}; ${words.goOnWhenItWorks}.`,
            );
          }
          await sleep(
            Math.min(
              LONGEST_WAIT_MS,
              retryAfterSeconds === null ? FIRST_WAIT_MS * 2 ** (attempt - 1) : retryAfterSeconds * 1000,
            ),
            signal,
          );
          break;
        }
      }
      if (signal?.aborted) throw new EngineError('aborted');
    }
  };

  return {
    title: `${model} at ${url.host}`,
    identify: () => Promise.resolve({ id: ENDPOINT_JUDGE, version: `${model} ${url.host}` }),
    async score({ pixels }, caption, signal) {
      const image = `data:image/png;base64,${base64(encodePng(await pixels()))}`;
      const body = JSON.stringify({
        model,
        messages: [
          {
            role: 'user',
            content: [
              { type: 'image_url', image_url: { url: image } },
              { type: 'text', text: question(caption) },
            ],
          },
        ],
        max_tokens: 1,
        temperature: 0,
        logprobs: true,
        top_logprobs: TOP,
      });
      return readAnswer(await ask(body, signal));
    },
  };
}

/** Waits; ends at once when aborted. */
export const sleep = (ms: number, signal?: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal?.addEventListener(
      'abort',
      () => {
        clearTimeout(timer);
        resolve();
      },
      { once: true },
    );
  });
