import { expect, test } from 'vitest';
import { contentSecurityPolicy } from '../content-security-policy.js';

test('a page runs its own scripts and the inline ones that are named, and nothing else', () => {
  const policy = contentSecurityPolicy(["'nonce-1'"], 'header').split('; ');
  expect(policy).toContain("script-src 'self' 'wasm-unsafe-eval' 'nonce-1'");
  expect(policy).toContain("default-src 'self'");
  expect(policy).toContain("frame-ancestors 'none'");
  expect(policy.join()).not.toContain("'unsafe-eval'");
});

test('in a meta tag stands all of it that browsers heed there', () => {
  const [header, meta] = (['header', 'meta'] as const).map((place) =>
    contentSecurityPolicy(["'sha256-x'"], place).split('; '),
  );
  expect(header?.filter((directive) => !meta?.includes(directive))).toEqual(["frame-ancestors 'none'"]);
});
