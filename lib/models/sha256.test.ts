import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { afterEach, expect, test, vi } from 'vitest';
import { sha256Hex } from './sha256';

const reference = (data: Uint8Array) => createHash('sha256').update(data).digest('hex');

afterEach(() => vi.unstubAllGlobals());

test.each(['in a secure context', 'without one'])('the hash is the reference’s %s', async (where) => {
  if (where === 'without one') vi.stubGlobal('crypto', {});
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), async (bytes) => {
      const data = Uint8Array.from(bytes);
      expect(await sha256Hex(data)).toBe(reference(data));
    }),
    { numRuns: 200 },
  );
});
