import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { decode } from 'fast-png';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { PairCompError } from '@/lib/domain';
import { fetchRemote } from '@/lib/remote';
import { endpointJudge, endpointUrl, readAnswer } from './endpoint';
import type { JudgedPicture } from './judges';

interface Asked {
  readonly path: string;
  readonly authorization: string | undefined;
  readonly body: {
    readonly model: string;
    readonly max_tokens: number;
    readonly messages: readonly [
      { readonly content: readonly [{ readonly image_url: { readonly url: string } }, { readonly text: string }] },
    ];
  };
}

let server: Server;
let url: string;
let asked: Asked[];
/** What the server does, one after another; the last goes on. */
let acts: ((response: ServerResponse) => void)[];

const json =
  (status: number, body: unknown, headers: Record<string, string> = {}) =>
  (response: ServerResponse) =>
    void response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
const completion = (top: Record<string, number>, token = Object.keys(top)[0]) => ({
  choices: [
    {
      message: { content: token },
      logprobs: {
        content: [
          {
            token,
            logprob: Math.log(top[token ?? ''] ?? 0.01),
            top_logprobs: Object.entries(top).map(([each, p]) => ({ token: each, logprob: Math.log(p) })),
          },
        ],
      },
    },
  ],
});

beforeEach(async () => {
  asked = [];
  acts = [json(200, completion({ Yes: 0.6, No: 0.2, ' yes': 0.1, Maybe: 0.05, NO: 0.1 }))];
  server = createServer((request: IncomingMessage, response) => {
    let text = '';
    request.on('data', (part: Buffer) => (text += part.toString()));
    request.on('end', () => {
      asked.push({
        path: request.url ?? '',
        authorization: request.headers.authorization,
        body: JSON.parse(text) as Asked['body'],
      });
      (acts.length > 1 ? acts.shift() : acts[0])?.(response);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterEach(() => {
  server.closeAllConnections();
  return new Promise((resolve) => server.close(resolve));
});

const picture: JudgedPicture = {
  tokens: Int32Array.of(1),
  pixels: () => Promise.resolve({ width: 2, height: 1, data: Uint8ClampedArray.of(255, 0, 0, 255, 0, 0, 255, 255) }),
};

let waits: number[];
const ask = (change: { readonly key?: string; readonly signal?: AbortSignal } = {}) => {
  waits = [];
  const judge = endpointJudge({ url, model: 'eye', key: change.key ?? '' }, fetchRemote(fetch), {
    pageProtocol: null,
    sleep: (ms) => Promise.resolve(void waits.push(ms)),
  });
  return judge.score(picture, 'two "red" cats', change.signal);
};

describe('a vision endpoint as the judge', () => {
  test('is shown picture and question, and scored by its first token', async () => {
    expect(await ask({ key: 'secret' })).toEqual({ score: expect.closeTo(0.7, 12) as number });
    const [{ path, authorization, body } = { path: '', authorization: '', body: null }] = asked;
    expect([path, authorization]).toEqual(['/v1/chat/completions', 'Bearer secret']);
    expect(body).toMatchObject({ model: 'eye', max_tokens: 1, logprobs: true, top_logprobs: 20 });
    const [shown, question] = body?.messages[0].content ?? [];
    expect(question?.text).toBe(
      'Does this image match the description "two "red" cats"? Please directly respond with yes or no.',
    );
    expect(
      decode(Buffer.from(shown?.image_url.url.replace('data:image/png;base64,', '') ?? '', 'base64')),
    ).toMatchObject({ width: 2, height: 1 });
  });

  test('without a key sends none, and its identity holds none', async () => {
    await ask();
    expect(asked[0]?.authorization).toBeUndefined();
    const judge = endpointJudge({ url, model: 'eye', key: 'secret' }, fetchRemote(fetch), {
      pageProtocol: null,
      sleep: () => Promise.resolve(),
    });
    expect(JSON.stringify([judge.title, await judge.identify()])).not.toContain('secret');
  });

  test.each([
    [
      { choices: [{ message: { content: 'Yes' } }] },
      'The judge’s server gave no probabilities of its first token (logprobs).',
    ],
    [{ choices: [] }, 'The judge’s server gave no probabilities of its first token (logprobs).'],
    [completion({ The: 0.9, A: 0.1 }), 'Neither yes nor no is among the likely first words of the judge’s answer.'],
    [
      { choices: [{ logprobs: { content: [{ token: 'Yes', logprob: 'high' }] } }] },
      'The judge’s server gave no probabilities of its first token (logprobs).',
    ],
  ])('that answers %j leaves the picture unscored', async (body, unscored) => {
    acts = [json(200, body)];
    expect(await ask()).toEqual({ unscored });
  });

  test.each([301, 302, 307, 308])(
    'that sends its question on (%d) is not followed: nobody named that host',
    async (status) => {
      const reached: unknown[] = [];
      const elsewhere = createServer((request, response) => {
        reached.push(request.url);
        response.end();
      });
      await new Promise<void>((resolve) => elsewhere.listen(0, '127.0.0.1', resolve));
      const location = `http://127.0.0.1:${(elsewhere.address() as AddressInfo).port}/v1/chat/completions`;
      acts = [(response) => void response.writeHead(status, { location }).end()];
      await expect(ask({ key: 'secret' })).rejects.toThrow(/sends requests on to another address/);
      expect(reached).toEqual([]);
      elsewhere.close();
    },
  );

  test('that talks nonsense leaves the picture unscored', async () => {
    acts = [(response) => void response.end('<html>hello</html>')];
    expect(await ask()).toEqual({ unscored: 'The judge’s server answered with something that is no chat completion.' });
  });

  test('is asked again when it is busy or fails, as late as it says', async () => {
    acts = [json(429, {}, { 'retry-after': '7' }), json(500, {}), json(503, {}), ...acts];
    expect(await ask()).toMatchObject({ score: expect.closeTo(0.7, 12) as number });
    expect(waits).toEqual([7000, 2000, 4000]);
  });

  test.each([
    [json(401, { error: { message: 'Incorrect key: secret' } }), /refuses this key \(401\)/],
    [
      json(404, { error: { message: 'No model "eye" for secret' } }),
      /refuses the request \(404\) \(“No model "eye" for …”\)/,
    ],
    [json(429, {}), /too many requests \(429\)/],
    [json(500, { error: 'out of memory' }), /fails \(500\) \(“out of memory”\)/],
    [
      (response: ServerResponse) => void response.destroy(),
      /could not be reached, or broke the connection off\. Check/,
    ],
    [(response: ServerResponse) => void response.end('x'.repeat(3_000_000)), /sent far more than an answer/],
  ])('that refuses ends the run with one sentence, without the key', async (act, sentence) => {
    acts = [act];
    const error: unknown = await ask({ key: 'secret' }).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(PairCompError);
    expect((error as Error).message).toMatch(sentence);
    expect((error as Error).message).not.toContain('secret');
  });

  test('that is slow is given up when the run is stopped', async () => {
    acts = [() => undefined];
    const stop = new AbortController();
    const waiting = ask({ signal: stop.signal });
    setTimeout(() => stop.abort(), 50);
    await expect(waiting).rejects.toMatchObject({ code: 'aborted' });
  });

  test('that is slower than allowed is asked again, and then given up', async () => {
    acts = [() => undefined];
    const remote = fetchRemote(fetch);
    const impatient = {
      ask: (request: Parameters<typeof remote.ask>[0], options: Parameters<typeof remote.ask>[1]) =>
        remote.ask({ ...request, timeoutMs: 30 }, options),
    };
    const judge = endpointJudge({ url, model: 'eye', key: '' }, impatient, {
      pageProtocol: null,
      sleep: () => Promise.resolve(),
    });
    await expect(judge.score(picture, 'a cat')).rejects.toThrow(/did not answer within 60 seconds, 4 times over/);
    expect(asked).toHaveLength(4);
  });
});

describe('each sentence fits where it is read', () => {
  const saidOn = async (pageProtocol: string | null, act: (response: ServerResponse) => void) => {
    acts = [act];
    const judge = endpointJudge({ url, model: 'eye', key: 'secret' }, fetchRemote(fetch), {
      pageProtocol,
      sleep: () => Promise.resolve(),
    });
    const error: unknown = await judge.score(picture, 'a cat').catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(PairCompError);
    return (error as Error).message;
  };

  test.each([
    ['a wrong key', json(401, {}), 'under Judge', 'PAIRCOMP_KEY'],
    ['a wrong name', json(404, {}), 'under Judge', '--endpoint-model'],
    ['too many requests', json(429, {}), 'in a few minutes.', '--resume'],
    ['a server that fails', json(500, {}), 'when it works again.', '--resume'],
    ['nobody who answers', (response: ServerResponse) => void response.destroy(), 'this page', '--endpoint'],
    [
      'an answer that leads elsewhere',
      (response: ServerResponse) => void response.writeHead(307, { location: 'http://127.0.0.1:1/' }).end(),
      'give the address that answers.',
      '--endpoint',
    ],
  ])('%s', async (_name, act, onThePage, onTheCommandLine) => {
    const [page, command] = [await saidOn('http:', act), await saidOn(null, act)];
    expect(page).toContain(onThePage);
    expect(page).not.toMatch(/--|PAIRCOMP_KEY/);
    expect(command).toContain(onTheCommandLine);
    expect(command).not.toMatch(/\bpage\b|\b[Pp]ress\b|under Judge|\bfield\b/);
  });

  test.each([
    ['https://me:pass@example.org', 'm', 'in its own field', 'PAIRCOMP_KEY'],
    ['https://example.org', ' ', 'shall use.', '--endpoint-model'],
  ])('the address %s for the model "%s"', (address, model, onThePage, onTheCommandLine) => {
    expect(() => endpointUrl({ url: address, model }, 'https:')).toThrow(onThePage);
    expect(() => endpointUrl({ url: address, model }, null)).toThrow(onTheCommandLine);
  });
});

test('the address may be given short or whole', () => {
  const of = (address: string) => endpointUrl({ url: address, model: 'm' }, 'https:').href;
  expect(of('https://example.org')).toBe('https://example.org/v1/chat/completions');
  expect(of('https://example.org/api/v1/')).toBe('https://example.org/api/v1/chat/completions');
  expect(of('http://localhost:8000/v1/chat/completions')).toBe('http://localhost:8000/v1/chat/completions');
});

test.each([
  ['example.org', 'm', /must begin with http/],
  ['ftp://example.org', 'm', /must begin with http/],
  ['https://me:pass@example.org', 'm', /must not hold a password/],
  ['https://example.org', ' ', /name of the model/],
  ['http://192.168.1.5:8000', 'm', /does not let it ask 192\.168\.1\.5:8000 over http/],
])('the address %s is refused in one sentence', (address, model, sentence) => {
  expect(() => endpointUrl({ url: address, model }, 'https:')).toThrow(sentence);
});

test('a probability without bound is no score', () => {
  expect(readAnswer(JSON.stringify(completion({ Yes: 0 })))).toMatchObject({ unscored: expect.any(String) as string });
});
