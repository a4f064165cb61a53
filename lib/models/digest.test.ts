import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type FileDigest, hasDigest, isFileDigest, startDigest } from './digest';

const digestsOf = (data: Uint8Array): FileDigest[] => [
  `sha256:${createHash('sha256').update(data).digest('hex')}`,
  `git:${createHash('sha1').update(`blob ${data.length}\0`).update(data).digest('hex')}`,
];

test('a file has its digests, whole and in pieces, and no other file has them', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.uint8Array({ maxLength: 150 }), { maxLength: 6 }), fc.nat(), async (pieces, at) => {
      const data = Uint8Array.from(Buffer.concat(pieces));
      const altered = Uint8Array.from([...data, 0]);
      altered[at % altered.length]! ^= 1;
      for (const digest of digestsOf(data)) {
        expect(isFileDigest(digest)).toBe(true);
        const running = startDigest(digest, data.length);
        for (const piece of pieces) running.update(piece);
        expect(running.matches()).toBe(true);
        expect(await hasDigest(data, digest)).toBe(true);
        expect(await hasDigest(altered, digest)).toBe(false);
        const other = startDigest(digest, data.length);
        other.update(altered);
        expect(other.matches()).toBe(false);
      }
    }),
    { numRuns: 100 },
  );
});

test('the name that git itself gives', async () => {
  // printf 'hello\n' | git hash-object --stdin
  expect(await hasDigest(new TextEncoder().encode('hello\n'), 'git:ce013625030ba8dba906f756967f9e9ca394464a')).toBe(
    true,
  );
});

test.each([
  '',
  'sha256:',
  'sha1:ce013625030ba8dba906f756967f9e9ca394464a',
  'git:CE013625030BA8DBA906F756967F9E9CA394464A',
])('%j is no digest', (text) => {
  expect(isFileDigest(text)).toBe(false);
});
