import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeLink, encodeLink, LINK_CHARACTER_LIMIT } from './link';
import { sameComparison } from './same';
import { comparisons } from './testing/arbitrary';
import { sampleComparison } from './testing/sample';
import type { Comparison } from './types';

const fragmentOf = (comparison: Comparison): string => {
  const link = encodeLink(comparison);
  if (!link.ok) throw new Error(link.error.message);
  return link.value;
};
const codeOf = (text: string): string => {
  const result = decodeLink(text);
  return result.ok ? 'ok' : result.error.code;
};

describe('links', () => {
  const sample = sampleComparison();
  const fragment = fragmentOf(sample);
  const content = fragment.slice(3);

  it('opens from any address, as a fragment, or bare', () => {
    const wrapped = content.replace(/.{60}/g, '$&\n  ');
    for (const text of [
      fragment,
      fragment.slice(1),
      content,
      `https://pairscope.example/${fragment}`,
      `http://localhost:3000/sub/path/?view=tokens&step=3${fragment}`,
      `  <https://pairscope.example/${fragment}>. \n`,
      `Look: https://pairscope.example/${fragment}, it is nice`.replace(', it is nice', ','),
      `https://pairscope.example/%23c=${content}`,
      `https://pairscope.example/#c=${wrapped}`,
      wrapped,
      `https://pairscope.example/${fragment}&view=tokens`,
    ]) {
      const opened = decodeLink(text);
      expect(opened.ok && sameComparison(opened.value, sample), text.slice(0, 60)).toBe(true);
    }
  });

  const address = `https://pairscope.example/${fragment}`;
  const printable = (text: string) => text.replaceAll('=', '=3D').replace(/.{70}/g, '$&=\r\n');
  it.each([
    ['a Markdown link', `[the bear](${address}) is nice`],
    ['a chat line', `[12:30] Ann: ${address}`],
    ['words on the next line', `${address}\nlook at the third row`],
    ['words behind it', `${address} look at the third row`],
    ['two links', `${address} and ${address}`],
    ['a chat program’s own form', `<${address}|apple>`],
    ['HTML', `<a href="${address.replace('#', '&#35;')}">here</a>`],
    ['quoted mail', `> see ${address.replace(/.{60}/g, '$&\n> ')}\n> bye`],
    ['quoted-printable mail', printable(`see ${address}\nbye`)],
    ['escaped underscores', address.replaceAll('_', '\\_')],
    ['a tracking parameter behind', `${address}&utm_source=chat`],
    ['a parameter before', `https://pairscope.example/#x=1&${fragment.slice(1)}`],
    ['a foreign parameter of the name', `https://example.org/?c=12345678901234567890${fragment}`],
    ['an encoded equals sign', address.replace('#c=', '#c%3D')],
    ['an encoded number sign', address.replace('#', '%23')],
    ['encoded twice', address.replace('#c=', '%2523c%253D')],
    ['encoded underscores and hyphens', address.replaceAll('_', '%5F').replaceAll('-', '%2D')],
    ['zero-width spaces', address.replace(/.{50}/g, '$&\u200B')],
    ['soft hyphens and marks of direction', `\u200E${address.replace(/.{40}/g, '$&\u00AD')}\u200F`],
    ['encoded marks and spaces', `${address.replace(/.{45}/g, '$&%E2%80%8B')}%20`],
    ['full-width signs', address.replace('#c=', '＃ｃ＝')],
    ['an Internet shortcut', `[InternetShortcut]\r\nURL=${address}\r\n`],
    ['a web location', `<plist><dict><key>URL</key><string>${address}</string></dict></plist>`],
  ])('opens out of %s', (_, text) => {
    const opened = decodeLink(text);
    expect(opened.ok && sameComparison(opened.value, sample)).toBe(true);
  });

  it('opens when a mail program took its last character for punctuation', () => {
    const ending = Array.from({ length: 400 }, (_, seed) =>
      fragmentOf({ ...sample, settings: { ...sample.settings, seed } }),
    ).filter((each) => /[-_]$/.test(each));
    expect(ending.length).toBeGreaterThan(2);
    for (const each of ending) expect(codeOf(`https://pairscope.example/${each.slice(0, -1)} .`)).toBe('ok');
  });

  it('is looked for in linear time', () => {
    for (const character of ['!', ' ', '<', '[', '%', '>', '=', '\\', '#c=', '&c=', '#c=%3D', '=\n', 'A', '#c=A ']) {
      const text = character.repeat(Math.floor(99_000 / character.length));
      for (const hostile of [text, `${text}x`, `#c=${text}`])
        if (hostile.length <= 100_000) expect(codeOf(hostile)).not.toBe('ok');
    }
  });

  it('has the size that the link format states', () => {
    const bytes = (144 * 32) / 8 + 64 + sample.prompts.a.length + sample.prompts.b.length;
    expect(content.length).toBeLessThanOrEqual(Math.ceil((bytes * 4) / 3));
  });

  it('says what is wrong, in one sentence with a way on', () => {
    expect(codeOf('')).toBe('not-a-link');
    expect(codeOf('hello')).toBe('not-a-link');
    expect(codeOf('https://pairscope.example/')).toBe('not-a-link');
    expect(codeOf('{"a": 1}')).toBe('not-a-link');
    expect(codeOf('https://pairscope.example/#c=')).toBe('truncated');
    expect(codeOf(`#c=AAAA${content}`)).toBe('unknown-format');
    expect(codeOf('ThisIsSomeOtherTokenOfSomeOtherTool_0123456789')).toBe('unknown-format');
    expect(codeOf(`${fragment.slice(0, 200)}x${fragment.slice(201)}`)).toBe('damaged');
    expect(codeOf(`${fragment.slice(0, 200)}%${fragment.slice(201)}`)).toBe('damaged');
    expect(codeOf(`#c=${'A'.repeat(200_000)}`)).toBe('too-large');
    for (let length = 12; length < fragment.length; length += 7)
      expect(codeOf(fragment.slice(0, length))).toBe('truncated');
    for (const text of ['hello', fragment.slice(0, 99), `#c=AAAA${content}`]) {
      const result = decodeLink(text);
      if (result.ok) throw new Error('opened');
      expect(result.error.message).toMatch(/^[A-Z].*\.$/);
      expect(result.error.hint).toMatch(/^[A-Z].*\.$/);
    }
  });

  it('keeps prompts as they are, and makes ill-formed ones well-formed', () => {
    const prompts = { a: '\uFEFF\u0000 \u202Eabc\u2066 e\u0301 👩‍👩‍👧 אדום\r\n', b: 'lone \uD800 surrogate' };
    const opened = decodeLink(fragmentOf({ ...sample, prompts }));
    expect(opened.ok && opened.value.prompts).toEqual({ a: prompts.a, b: 'lone \uFFFD surrogate' });
  });

  it('offers the file where a link would be too long', () => {
    const long = encodeLink({ ...sample, prompts: { a: 'x'.repeat(30_000), b: '' } });
    expect(long).toMatchObject({ ok: false, error: { code: 'too-large' } });
    expect(!long.ok && long.error.hint).toContain('comparison.json');
    expect(fragmentOf({ ...sample, prompts: { a: 'x'.repeat(10_000), b: 'y'.repeat(10_000) } }).length).toBeLessThan(
      LINK_CHARACTER_LIMIT,
    );
  });

  it('round-trips any comparison', () => {
    fc.assert(
      fc.property(comparisons, (comparison) => {
        const opened = decodeLink(`https://example.org/x${fragmentOf(comparison)}`);
        expect(opened.ok && sameComparison(opened.value, comparison)).toBe(true);
        expect(opened.ok && fragmentOf(opened.value)).toBe(fragmentOf(comparison));
      }),
      { seed: 4, numRuns: 200 },
    );
  });
});

describe('golden links', () => {
  const golden = JSON.parse(readFileSync(new URL('./testdata/golden-links.json', import.meta.url), 'utf8')) as {
    readonly name: string;
    readonly link: string;
    readonly opens: unknown;
  }[];
  const plain = (comparison: Comparison): unknown =>
    JSON.parse(
      JSON.stringify(comparison, (_, item: unknown) =>
        item instanceof Int32Array || item instanceof Float32Array ? Array.from(item) : item,
      ),
    );

  it.each(golden)('$name opens for ever to the same comparison', ({ link, opens }) => {
    const opened = decodeLink(link);
    expect(opened.ok && plain(opened.value)).toEqual(opens);
    expect(opened.ok && encodeLink(opened.value)).toEqual({ ok: true, value: link.slice(link.indexOf('#')) });
  });
});
