import { describe, expect, test } from 'vitest';
import {
  describe as describeError,
  type Doing,
  EngineError,
  ERROR_CODES,
  fromWire,
  toEngineError,
  toWire,
} from './errors';
import { ModelError } from './model-errors';

describe('errors', () => {
  test.each(ERROR_CODES)('%s has one sentence and a way on', (code) => {
    const { message, hint } = describeError(code, {
      problems: 'Seed must be a whole number.',
      problem: 'It does not fit.',
    });
    for (const text of [message, hint]) expect(text).toMatch(/^[A-Z].*\.$/);
  });

  test.each(ERROR_CODES)('%s sends nobody to a button of another screen', (code) => {
    const buttons = (doing: Doing) =>
      [...describeError(code, {}, doing).hint.matchAll(/\b(Run|Look|Download|Go on|Ask again)\b/g)].map(
        ([button]) => button,
      );
    const own: Partial<Record<Doing, readonly string[]>> = {
      'running a benchmark': ['Go on'],
      'asking a judge': ['Ask again'],
      'looking a model up': ['Look'],
      downloading: ['Download'],
      'choosing a stored model': ['Look', 'Download'],
    };
    // A download may be what another screen asks for, and only a bench draws.
    const elsewhere = ['no-permission', 'bad-settings'];
    if (elsewhere.includes(code)) return;
    for (const doing of [
      'looking a model up',
      'downloading',
      'choosing a folder',
      'choosing a stored model',
      'reading a page',
      'asking a judge',
      'running a benchmark',
      'giving a command',
    ] as const)
      for (const button of buttons(doing)) expect(own[doing], doing).toContain(button);
  });

  test.each(ERROR_CODES)('%s tells who gives a command of no page', (code) => {
    // What only a browser says.
    const ofBrowsers = ['no-webgpu', 'no-adapter', 'no-shader-f16', 'limits-too-small', 'device-lost', 'storage-full'];
    if (ofBrowsers.includes(code)) return;
    const { message, hint } = describeError(code, {}, 'giving a command');
    expect(`${message} ${hint}`).not.toMatch(/\b[Pp]ress|[Rr]eload|\bpage\b|\btabs?\b|[Bb]rowser|\bpanel\b/);
  });

  test('name the file, or the model whose files were asked for', () => {
    expect(new EngineError('network', { file: 'config.json' }).message).toBe(
      'The model file config.json could not be fetched: the connection failed.',
    );
    expect(new EngineError('network', { model: 'a/b' }).message).toBe(
      'The model file list of "a/b" could not be fetched: the connection failed.',
    );
    for (const code of ERROR_CODES)
      expect(describeError(code).message).not.toMatch(/of the model (?:is|could|cannot|arrived|has)/);
  });

  test('keep their code and data on the way out of a worker', () => {
    const error = new EngineError('model-truncated', { file: 'weights.bin', receivedBytes: 10, expectedBytes: 20 });
    expect(fromWire(structuredClone(toWire(error)))).toEqual(error);
    expect(error.message).toBe('The model file weights.bin arrived incomplete: 10 bytes of 20 bytes.');
  });

  test.each([
    [180098464, 'out-of-memory'],
    [new Error('180098464'), 'out-of-memory'],
    [new RangeError('Array buffer allocation failed'), 'out-of-memory'],
    [new DOMException('stopped', 'AbortError'), 'aborted'],
    [new Error('The GPU device was lost'), 'device-lost'],
    [new ModelError('model-altered', { file: 'x' }), 'model-altered'],
    [new Error('something else'), 'failed'],
    ['a string', 'failed'],
  ])('%s becomes %s', (thrown, code) => {
    expect(toEngineError(thrown)).toMatchObject({ code });
  });
});
