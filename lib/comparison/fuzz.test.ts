import { expect, it } from 'vitest';
import { decodeLink, encodeLink } from './link';
import { createRandom, sampleComparison } from './testing/sample';

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
const STRANGE = ['=', '%', '#', '&', ' ', '\n', '/', '+', '\u0000', '\uD800', '👩', 'é', '.'];
const MUTANTS = 110_000;

const linkOf = (comparison: ReturnType<typeof sampleComparison>): string => {
  const link = encodeLink(comparison);
  if (!link.ok) throw new Error(link.error.message);
  return link.value;
};

it(`opens none of ${MUTANTS} mutated links to anything but the original`, () => {
  const random = createRandom(1);
  const below = (limit: number): number => Math.floor(random() * limit);
  const character = (): string => ALPHABET[below(64)] ?? 'A';
  const sample = sampleComparison();
  const small = {
    ...sample,
    grid: { rows: 2, columns: 3 },
    tokens: { a: sample.tokens.a.slice(0, 6), b: sample.tokens.b.slice(0, 6) },
    trace: { length: 0, precision: 'exact' as const },
  };
  const originals = [linkOf(sample), linkOf(small)];

  const splice = (text: string, at: number, remove: number, insert: string): string =>
    text.slice(0, at) + insert + text.slice(at + remove);
  const mutations: readonly ((text: string) => string)[] = [
    // one bit of one character
    (text) => {
      const at = 3 + below(text.length - 3);
      return splice(text, at, 1, ALPHABET[ALPHABET.indexOf(text[at] ?? 'A') ^ (1 << below(6))] ?? 'A');
    },
    (text) => splice(text, below(text.length), 1, character()),
    (text) => splice(text, below(text.length), 0, character()),
    (text) => splice(text, below(text.length), 1 + below(8), ''),
    (text) => text.slice(0, below(text.length)),
    (text) => text.slice(below(text.length)),
    (text) => splice(text, below(text.length), below(2), STRANGE[below(STRANGE.length)] ?? ' '),
    // two neighbours, or two stretches, change places
    (text) => {
      const at = below(text.length - 1);
      return splice(text, at, 2, `${text[at + 1] ?? ''}${text[at] ?? ''}`);
    },
    (text) => {
      const [x = 0, y = 0, z = 0] = [below(text.length), below(text.length), below(text.length)].sort((p, q) => p - q);
      return text.slice(0, x) + text.slice(y, z) + text.slice(x, y) + text.slice(z);
    },
    (text) => text + character().repeat(1 + below(6)),
    (text) => `#c=${Array.from({ length: below(text.length) }, character).join('')}`,
    // a right beginning with a random rest
    (text) => text.slice(0, 10) + Array.from({ length: below(300) }, character).join(''),
  ];

  let opened = 0;
  let slowestMs = 0;
  for (let i = 0; i < MUTANTS; i++) {
    const original = originals[i % originals.length] ?? '';
    let text = original;
    for (let round = 1 + (below(4) === 0 ? below(4) : 0); round > 0 && text.length > 12; round--) {
      text = mutations[below(mutations.length)]?.(text) ?? text;
    }
    const start = performance.now();
    const result = decodeLink(text);
    slowestMs = Math.max(slowestMs, performance.now() - start);
    if (!result.ok) continue;
    opened++;
    if (linkOf(result.value) !== original) expect.fail(`opened to another comparison: ${text}`);
  }
  // Added white space, for one, does no harm.
  expect(opened).toBeGreaterThan(0);
  expect(opened).toBeLessThan(MUTANTS / 10);
  // A hang, not a slow machine.
  expect(slowestMs).toBeLessThan(5000);
}, 120_000);
