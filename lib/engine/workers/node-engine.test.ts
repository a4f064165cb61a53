/** Files that are made to take for ever, in real threads: what a person waits for ends in a sentence, and the next drawing works. */
import { afterEach, describe, expect, test } from 'vitest';
import { NEUTRAL_SETTINGS, type Pair } from '@/lib/domain';
import type { ModelLocation } from '@/lib/models';
import { startNodeDecoder, startNodeEngine } from '../node';
import { JANUS, janusFiles } from '../testing/janus';

const ended: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const end of ended.splice(0)) await end();
});

const start = (options: Parameters<typeof startNodeEngine>[0]) => {
  const engine = startNodeEngine(options);
  ended.push(() => engine.dispose());
  return engine;
};

/** The small Janus with a tokenizer that first splits prompts by a pattern. */
async function splittingBy(pattern: string): Promise<ModelLocation> {
  const files = await janusFiles();
  const tokenizer = JSON.parse(await files['tokenizer.json']!.blob.text()) as {
    pre_tokenizer: { pretokenizers: object[] };
  };
  tokenizer.pre_tokenizer.pretokenizers.unshift({
    type: 'Split',
    pattern: { Regex: pattern },
    behavior: 'Isolated',
    invert: false,
  });
  return { kind: 'files', name: 'slow', files: await janusFiles({ 'tokenizer.json': JSON.stringify(tokenizer) }) };
}

const endless: Pair<string> = { a: 'a'.repeat(60), b: 'a cat' };
const harmless: Pair<string> = { a: 'a dog', b: 'a cat' };

describe('a tokenizer with a pattern that never ends', { timeout: 60_000 }, () => {
  const sentence = {
    code: 'too-slow',
    message: 'Reading prompts as tokenizer.json says took more than 2 seconds and was stopped.',
  };

  test('for some prompts is given up there, and draws others afterwards', async () => {
    const engine = start({ tokenizerMs: 2000 });
    await engine.load(await splittingBy('(?:a+)+b'));
    await expect(engine.draw({ prompts: endless, settings: NEUTRAL_SETTINGS }).next()).rejects.toMatchObject(sentence);
    const drawing = engine.draw({ prompts: harmless, settings: NEUTRAL_SETTINGS });
    expect(await drawing.next()).toMatchObject({ done: false, value: { step: 0 } });
    await drawing.return();
  });

  test('for every prompt is given up while the model is loaded', async () => {
    const engine = start({ tokenizerMs: 2000 });
    await expect(engine.load(await splittingBy('(?:(?:[\\s\\S]?){60}){60}§'))).rejects.toMatchObject(sentence);
    expect(await engine.load(JANUS)).toMatchObject({ codes: 256 });
  });

  test('does not keep the next drawing waiting once it is stopped', async () => {
    const engine = start({});
    await engine.load(await splittingBy('(?:a+)+b'));
    const stop = new AbortController();
    const hanging = engine.draw({ prompts: endless, settings: NEUTRAL_SETTINGS }, { signal: stop.signal }).next();
    setTimeout(() => {
      stop.abort();
    }, 300);
    await expect(hanging).rejects.toMatchObject({ code: 'aborted' });
    const drawing = engine.draw({ prompts: harmless, settings: NEUTRAL_SETTINGS });
    expect(await drawing.next()).toMatchObject({ done: false, value: { step: 0 } });
    await drawing.return();
  });
});

test('tokens that take too long to be drawn are given up', { timeout: 60_000 }, async () => {
  const engine = start({ chunkMs: 0 });
  await engine.load(JANUS);
  await expect(engine.draw({ prompts: harmless, settings: NEUTRAL_SETTINGS }).next()).rejects.toMatchObject({
    code: 'too-slow',
    message: 'Drawing the next tokens took more than 0 seconds and was stopped.',
  });
});

test('threads draw and decode what the engine of one thread does', { timeout: 60_000 }, async () => {
  const decoder = startNodeDecoder();
  ended.push(() => decoder.dispose());
  await decoder.load(JANUS);
  const [picture] = await decoder.decode([Int32Array.from({ length: 64 }, (_, i) => i)]);
  expect(picture).toMatchObject({ width: 16, height: 16 });
});
