import { describe, expect, test } from 'vitest';
import { describe as describeError, EngineError, ERROR_CODES, fromWire, toEngineError, toWire } from './errors';
import { ModelError } from './model-errors';

describe('errors', () => {
  test.each(ERROR_CODES)('%s has one sentence and a way on', (code) => {
    const { message, hint } = describeError(code, {
      problems: 'Seed must be a whole number.',
      problem: 'It does not fit.',
    });
    for (const text of [message, hint]) expect(text).toMatch(/^[A-Z].*\.$/);
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
