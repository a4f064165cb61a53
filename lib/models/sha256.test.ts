import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Sha256, sha256Hex, sha256InCode, toHex } from './sha256';

const reference = (data: Uint8Array) => createHash('sha256').update(data).digest('hex');

test('both ways of hashing agree with a reference', async () => {
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), async (bytes) => {
      const data = Uint8Array.from(bytes);
      expect(await sha256Hex(data)).toBe(reference(data));
      expect(Buffer.from(sha256InCode(data)).toString('hex')).toBe(reference(data));
    }),
    { numRuns: 200 },
  );
});

test('hashing piece by piece does not depend on the pieces', () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 200 }), { maxLength: 8 }), (pieces) => {
      const hash = new Sha256();
      for (const piece of pieces) hash.update(piece);
      expect(toHex(hash.digest())).toBe(reference(Buffer.concat(pieces)));
    }),
    { numRuns: 200 },
  );
});
