import fc from 'fast-check';
import { expect, test } from 'vitest';
import * as z from './index';

const schema = z.object({
  name: z.string().check(z.minLength(1), z.maxLength(9)),
  kind: z.optional(z.enum(['one', 'other'])),
  sizes: z._default(z.array(z.number().check(z.int(), z.gte(0), z.lte(5))), []),
  layers: z._default(z.record(z.string().check(z.regex(/^\w+$/)), z.union([z.number(), z.literal('all')])), {}),
  range: z.optional(z.tuple([z.number(), z.number().check(z.gt(0))])),
  flag: z.optional(z.boolean()),
});

const reasonOf = (source: string | Uint8Array): string => {
  const parsed = z.parseJson(source, schema);
  return parsed.ok ? 'fine' : parsed.error.reason;
};

test('what is wrong is said in plain words, with its place', () => {
  const of = (more: object) => reasonOf(JSON.stringify({ name: 'a', ...more }));
  expect([
    reasonOf('{}'),
    reasonOf('[]'),
    reasonOf('{"name": 1}'),
    reasonOf('{"name": ""}'),
    of({ name: '1234567890' }),
    of({ kind: 'third' }),
    of({ sizes: 3 }),
    of({ sizes: [1, 0.5] }),
    of({ sizes: [1, -1] }),
    of({ sizes: [1, 6] }),
    reasonOf('{"name": "a", "sizes": [1e999]}'),
    of({ layers: { first: 'some' } }),
    of({ layers: { 'a b': 1 } }),
    of({ range: [1] }),
    of({ range: [1, 0] }),
    of({ flag: null }),
  ]).toEqual([
    'name is missing',
    'it is not an object',
    'name is not a text',
    'name is empty',
    'name has more than 9 characters',
    'kind is none of “one” and “other”',
    'sizes is not a list',
    'sizes[1] is not a whole number',
    'sizes[1] is below 0',
    'sizes[1] is above 5',
    'sizes[0] is not a finite number',
    'layers.first has none of the expected forms',
    'layers.a b is a name that is not expected',
    'range has fewer than 2 items',
    'range[1] is not above 0',
    'flag is not true or false',
  ]);
});

test('a byte order mark is passed over, in texts and in bytes; bytes that are not UTF-8 are no JSON', () => {
  const text = '\uFEFF{"name": "a"}';
  expect(reasonOf(text)).toBe('fine');
  expect(reasonOf(new TextEncoder().encode(text))).toBe('fine');
  expect(reasonOf(Uint8Array.of(0x22, 0xff, 0x22))).toBe('it is not JSON');
  expect(reasonOf('')).toBe('it is not JSON');
});

test('nesting is refused before anything walks over it, and brackets in texts are none', () => {
  for (const [open, close] of [
    ['[', ']'],
    ['{"a":', '}'],
  ] as const)
    expect(reasonOf(open.repeat(100_000) + '1' + close.repeat(100_000))).toBe('it is nested more than 100 levels deep');
  const texts = JSON.stringify({ a: '['.repeat(500), b: `"${'{'.repeat(500)}\\` });
  expect(z.parseJson(texts, z.unknown())).toMatchObject({ ok: true });
});

test('own members called as inherited ones are, and __proto__, stand for nothing', () => {
  const hostile =
    '{"name": "a", "toString": 1, "valueOf": 1, "toJSON": 1, "constructor": {"name": 1}, "__proto__": {"flag": true}}';
  const parsed = z.parseJson(hostile, schema);
  expect(parsed).toEqual({ ok: true, value: { name: 'a', sizes: [], layers: {} } });
  expect(parsed.ok && parsed.value.flag).toBeUndefined();
  expect(reasonOf(`{"name": ${hostile}}`)).toBe('name is not a text');
  expect(reasonOf(`{"name": "a", "kind": ${hostile}}`)).toBe('kind is none of “one” and “other”');
});

test('texts come out as UTF-8 can carry them, names too, and as they were otherwise', () => {
  const read = (text: string) => {
    const parsed = z.parseJson(text, z.record(z.string(), z.string()));
    return parsed.ok ? parsed.value : parsed.error;
  };
  expect(read('{"a\\ud800": "\\ud83d\\ude00 \\ud83d \\ude00 \\\\ud800"}')).toEqual({
    'a\uFFFD': '😀 \uFFFD \uFFFD \\ud800',
  });
  expect(read('{"a": "\uD800 \uD83D\uDE00"}')).toEqual({ a: '\uFFFD 😀' });
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.boolean(), (text, escaped) => {
      const json = JSON.stringify({ text });
      const source = escaped
        ? json.replace(/[^\0-\x7f]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
        : json;
      expect(read(source)).toEqual({
        text: new TextDecoder('utf-8', { ignoreBOM: true }).decode(new TextEncoder().encode(text)),
      });
    }),
  );
});

test('whatever a text holds, the answer is a value or a reason', () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.json(),
        fc.string(),
        fc.json().map((json) => `{"name": "a", "sizes": ${json}}`),
      ),
      (text) => {
        const parsed = z.parseJson(text, schema);
        if (!parsed.ok) expect(parsed.error.reason).toMatch(/^\S.* (is|has) /su);
      },
    ),
  );
});
