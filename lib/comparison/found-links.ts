import { decodeBase64Url } from './base64url';
import { containerEnd } from './container';

/** What a link may hold, by the letter in its fragment: `#c=...` a comparison, `#m=...` model against model. */
export type Key = 'c' | 'm';

/** The content of a link as it was found in a text. */
export interface FoundLink {
  readonly key: Key;
  /** Base64url, as far as it goes. */
  readonly content: string;
  /** Whether a foreign character stands inside the content. */
  readonly isBroken: boolean;
}

/** Characters that nobody sees: joiners, marks of direction, soft hyphens, byte order marks. */
const INVISIBLE = /[\u00AD\u180E\u200B-\u200F\u202A-\u202E\u2060-\u206F\uFEFF]/g;
const ENTITIES: Readonly<Record<string, string>> = {
  '&amp;': '&',
  '&#35;': '#',
  '&#x23;': '#',
  '&#61;': '=',
  '&#x3d;': '=',
};

/** One layer of percent-encoding taken off; what is not ASCII is no part of a link. */
const percentDecoded = (text: string): string =>
  text
    .replace(/%([0-7][0-9a-f])/gi, (_, code: string) => String.fromCharCode(parseInt(code, 16)))
    .replace(/(?:%[89a-f][0-9a-f])+/gi, '');

/** A text as it was before mail, chat and office programs wrapped, escaped and encoded it. Linear in its length. */
export const unwrapped = (text: string): string => {
  let plain = text
    .normalize('NFKC')
    .replace(INVISIBLE, '')
    // Quoted-printable mail: soft line ends, and `=` written as `=3D`.
    .replace(/(?<![#?&][cm])=\r?\n/gi, '')
    .replace(/=3D/gi, '=')
    .replace(/&(?:amp|#35|#x23|#61|#x3d);/gi, (entity) => ENTITIES[entity.toLowerCase()] ?? entity)
    .replace(/\\(?=[_\-#=])/g, '');
  // An address may have been encoded once more by each program that it went through.
  for (let layer = 0; layer < 3 && plain.includes('%'); layer++) plain = percentDecoded(plain);
  return plain.replace(INVISIBLE, '');
};

/** Characters of base64url that hold a container's magic, version and length. */
const HEADER_CHARACTERS = 7;
const isContent = (character: string | undefined): boolean => character !== undefined && /[\w-]/.test(character);

/** How many characters a whole link's content has, by its own header; null while there is no header. */
const lengthOf = (content: string): number | null => {
  if (content.length < HEADER_CHARACTERS) return null;
  const header = decodeBase64Url(content.slice(0, HEADER_CHARACTERS));
  const bytes = header && containerEnd(header.bytes);
  return bytes === null ? null : Math.ceil((bytes * 4) / 3);
};

/** The content that begins at a place: over line ends and marks of quoted mail, and no further than its header says. */
function contentAt(text: string, start: number): Omit<FoundLink, 'key'> {
  let content = '';
  let wanted: number | null = null;
  for (let at = start; at < text.length; at++) {
    const character = text[at] as string;
    if (isContent(character)) {
      content += character;
      if (content.length === HEADER_CHARACTERS) wanted = lengthOf(content);
      if (content.length === wanted) return { content, isBroken: false };
    } else if (!/[\s>]/.test(character)) {
      return { content, isBroken: isContent(text[at + 1]) && content.length >= HEADER_CHARACTERS };
    }
  }
  return { content, isBroken: false };
}

/** Every place of a text that means to be a link, in order. Expects what `unwrapped` gives. */
export function foundLinks(text: string): readonly FoundLink[] {
  const found: FoundLink[] = [];
  const begins = /(^|[#?&])([cm])=/gi;
  for (let match = begins.exec(text); match; match = begins.exec(text)) {
    const key = match[2]?.toLowerCase() === 'm' ? 'm' : 'c';
    const link = contentAt(text, begins.lastIndex);
    begins.lastIndex += link.content.length;
    // Other sites' addresses have members of these names, too: only a fragment's own is believed without a content.
    if (match[1] === '#' || match[1] === '' || link.content.length >= HEADER_CHARACTERS) found.push({ key, ...link });
  }
  return found;
}
