import { afterEach, expect, test, vi } from 'vitest';
import type { Ort } from '../decode/ort/types';
import { prepareFrom } from './browser';

afterEach(() => {
  vi.unstubAllGlobals();
});

const URL_OF_RUNTIME = new URL('https://here.example/static/ort.wasm');
const WASM = Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0);

const page = () => new Response('<!doctype html><title>Sign in</title>', { headers: { 'Content-Type': 'text/html' } });

/** Prepares a runtime whose file is answered so, one answer after another. */
async function prepared(...answers: (() => Response)[]) {
  const requests: (RequestInit | undefined)[] = [];
  vi.stubGlobal('fetch', (_url: URL, init?: RequestInit) => {
    requests.push(init);
    return Promise.resolve((answers.shift() ?? page)());
  });
  const ort = { env: { wasm: {} } } as Ort;
  const prepare = () =>
    prepareFrom(ort, URL_OF_RUNTIME)({ signal: new AbortController().signal, onBytes: () => undefined });
  const error: unknown = await prepare().then(
    () => null,
    (thrown: unknown) => thrown,
  );
  return { ort, error, requests, prepare, answers };
}

test('a web page in place of the runtime is said to be one, and is not kept', async () => {
  const { ort, error, prepare, answers } = await prepared(page, page);
  expect(error).toMatchObject({
    code: 'network',
    message:
      "The program's file ort.wasm could not be fetched: a web page came in its place, as networks with a sign-in page send it.",
  });
  answers.push(() => new Response(WASM));
  await prepare();
  expect(new Uint8Array(ort.env.wasm.wasmBinary as ArrayBuffer)).toEqual(WASM);
});

test('a kept page is passed by once', async () => {
  const { error, requests } = await prepared(page, () => new Response(WASM));
  expect(error).toBeNull();
  expect(requests.map((init) => init?.cache)).toEqual([undefined, 'reload']);
});

test('a file that is not there is asked for once', async () => {
  const { error, requests } = await prepared(() => new Response('', { status: 404 }));
  expect(error).toMatchObject({ code: 'model-missing', message: "The program's file ort.wasm is missing." });
  expect(requests).toHaveLength(1);
});
