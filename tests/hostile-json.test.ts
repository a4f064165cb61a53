import fc from 'fast-check';
import { afterEach, expect, test } from 'vitest';
import { UsageError } from '@/cli/command-line';
import { describe as inWords, ModelError, PairCompError } from '@/lib/domain';
import { mutationsOf } from './hostile-json/mutations';
import { readers } from './hostile-json/readers';

/** Words of zod, of JavaScript and of JSON.parse, which are no sentences for people. */
const JARGON =
  /invalid input|invalid_|expected (?:string|number|object|array)|received|cannot (?:convert|read prop|mix)|is not a function|undefined|\[object|\bNaN\b|unexpected token|call stack|ZodError/i;

const isSentence = (text: string) => /^\S.*[.)”]$/su.test(text) && !JARGON.test(text) && text.length < 500;

interface Failure {
  readonly message: string;
}
const isFailure = (value: unknown): value is { readonly ok: false; readonly error: Failure } =>
  typeof value === 'object' && value !== null && 'ok' in value && value.ok === false;

/** The sentence of a typed error; null for errors that nobody foresaw. */
function sentenceOf(thrown: unknown): string | null {
  if (thrown instanceof ModelError) return inWords(thrown.code, { ...thrown.data }).message;
  if (thrown instanceof PairCompError || thrown instanceof UsageError) return thrown.message;
  return null;
}

/** What is wrong with how a reader answered a text; null where nothing is. */
async function faultOf(read: (text: string) => unknown, text: string): Promise<string | null> {
  try {
    const value = await read(text);
    // A value from outside may go into a message, another thread or a file.
    structuredClone(value);
    JSON.stringify(value);
    if (isFailure(value) && !isSentence(value.error.message)) return `says “${value.error.message}”`;
    return null;
  } catch (thrown) {
    const sentence = sentenceOf(thrown);
    if (sentence === null)
      return `throws ${thrown instanceof Error ? `${thrown.name}: ${thrown.message}` : typeof thrown}`;
    return isSentence(sentence) ? null : `says “${sentence}”`;
  }
}

afterEach(() => expect(({} as { polluted?: unknown }).polluted).toBeUndefined());

test.each(Object.entries(readers))('%s is read as it is', async (_name, { sample, read }) => {
  const value = await read(JSON.stringify(sample));
  expect(value).not.toBeNull();
  expect(isFailure(value)).toBe(false);
});

test.each(Object.entries(readers))(
  '%s: any one thing wrong in it gives a sentence',
  async (_name, { sample, read }) => {
    const faults: string[] = [];
    for (const { text, what } of mutationsOf(sample)) {
      const fault = await faultOf(read, text);
      if (fault !== null) faults.push(`${what}: ${fault}`);
    }
    expect(faults).toEqual([]);
  },
);

test.each(Object.entries(readers))('%s: any JSON in its place gives a sentence', async (_name, { read }) => {
  await fc.assert(
    fc.asyncProperty(fc.oneof(fc.json(), fc.string()), async (text) => {
      expect(await faultOf(read, text)).toBeNull();
    }),
  );
});
