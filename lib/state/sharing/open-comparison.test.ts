import { expect, test } from 'vitest';
import { encodeLink } from '@/lib/comparison';
import { sampleComparison } from '@/lib/comparison/testing';
import {
  holdsComparison,
  holdsSheet,
  readAllShared,
  readShared,
  readSharedFile,
  strayFragment,
} from './open-comparison';

const link = encodeLink(sampleComparison());
const fragment = link.ok ? link.value : '';

test('a message that begins with a bracket opens by the link in it', () => {
  for (const text of [
    `[the bear](https://x.example/${fragment})`,
    `[12:30] Ann: https://x.example/${fragment}`,
    `{${fragment}}`,
  ])
    expect(readShared(text)).toMatchObject({ ok: true, value: { kind: 'comparison' } });
});

test('a file that means to be JSON says what is wrong with the JSON', () => {
  expect(readShared('\uFEFF {"format": "pairscope-comparison", "form')).toMatchObject({
    ok: false,
    error: { message: 'This file is damaged or cut off: it is not valid JSON.' },
  });
});

test('spaces without end are refused at once', () => {
  for (const spaces of [' '.repeat(99_000), ' '.repeat(10_000_000)]) expect(readShared(`${spaces}x`).ok).toBe(false);
});

test.each([
  [fragment, true],
  [fragment.replace('=', '%3D'), true],
  [`#x=1&${fragment.slice(1)}`, true],
  ['#c=', true],
  ['#top', false],
  ['', false],
])('an address that ends in %.20s is seen to hold a comparison: %s', (hash, holds) => {
  expect(holdsComparison(hash)).toBe(holds);
  expect(holdsSheet(hash)).toBe(false);
});

const other = encodeLink({ ...sampleComparison(), prompts: { a: 'one bear', b: 'two bears' } });
const otherFragment = other.ok ? other.value : '';

test('a text with several links offers each of them once', () => {
  const all = readAllShared(
    `first https://x.example/${fragment}\nthen https://y.example/${otherFragment}, again ${fragment}`,
  );
  expect(all.ok && all.value.map((one) => one.kind === 'comparison' && one.comparison.prompts.a)).toEqual([
    sampleComparison().prompts.a,
    'one bear',
  ]);
});

const address = `https://x.example/${fragment}`;
const mail = (encoding: string, body: string): string =>
  `From: Ann <ann@x.example>\r\nSubject: Look\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n` +
  `Content-Transfer-Encoding: ${encoding}\r\n\r\n${body}\r\n`;
const base64Lines = (text: string): string => (btoa(text).match(/.{1,76}/g) ?? []).join('\r\n');
const softLines = (text: string): string => (text.replaceAll('=', '=3D').match(/.{1,70}/g) ?? []).join('=\r\n');

test.each([
  ['bear.url', `[InternetShortcut]\r\nURL=${address}\r\nIconIndex=0\r\n`],
  ['bear.desktop', `[Desktop Entry]\nType=Link\nURL=${address}\n`],
  ['bear.webloc', `<?xml version="1.0"?><plist><dict><key>URL</key><string>${address}</string></dict></plist>`],
  ['binary.webloc', `bplist00\u00d1\u0001\u0002SURL_\u0010\u00f0${address}\b\u000b\u000f\u0000\u0001`],
  ['page.html', `<p>See <a href="${address}">the bear</a>.</p>`],
  ['plain.eml', mail('7bit', address)],
  ['wrapped.eml', mail('quoted-printable', softLines(`See ${address} for it.`))],
  ['encoded.eml', mail('base64', base64Lines(`See ${address} for it.`))],
])('%s opens by the link in it', async (name, content) => {
  const result = await readSharedFile(new File([content], name));
  expect(result).toMatchObject({ ok: true, value: [{ kind: 'comparison' }] });
});

test('a mail without a link says so', async () => {
  expect(await readSharedFile(new File([mail('7bit', 'Good morning.')], 'none.eml'))).toMatchObject({
    ok: false,
    error: { code: 'not-a-link' },
  });
});

test.each([
  ['behind another page', { pathname: '/paircomp', hash: fragment }, fragment],
  ['encoded into the path', { pathname: `/%23${fragment.slice(1)}`, hash: '' }, fragment],
  ['encoded twice', { pathname: `/play/%2523${fragment.slice(1).replace('=', '%253D')}`, hash: '' }, fragment],
  ['another page', { pathname: '/paircomp', hash: '#results' }, null],
  ['a missing page', { pathname: '/c=nothing-of-ours', hash: '' }, null],
])('a comparison in an address that is not the bench’s: %s', (_, address, expected) => {
  expect(strayFragment(address)).toBe(expected);
});
