/** Where a model is downloaded from: a repository of a Hugging Face hub, or a folder with a manifest at any address. */
export type ModelOrigin =
  | { readonly kind: 'hub'; readonly endpoint: string; readonly id: string; readonly revision: string }
  | { readonly kind: 'url'; readonly url: string };

/** A commit, branch or tag, and the repository that it is of. */
export interface HubReference {
  readonly id: string;
  readonly revision: string;
}

export const HUB_ENDPOINT = 'https://huggingface.co';

/** The public ONNX files of Janus-Pro-1B, at the commit that this program was written for. */
export const JANUS_PRO_1B: HubReference = {
  id: 'onnx-community/Janus-Pro-1B-ONNX',
  revision: '04efdf2e36cb07a034b0d94f7322356b292f0418',
};

const ID = /^[\w-][\w.-]{0,95}\/[\w-][\w.-]{0,95}$/;
const REVISION = /^[\w-][\w./-]{0,127}$/;

export const isHubId = (text: string): boolean => ID.test(text) && !text.includes('..') && !text.includes('--');

export const isRevision = (text: string): boolean => REVISION.test(text) && !text.includes('..');

export const isCommit = (revision: string): boolean => /^[0-9a-f]{40}$/.test(revision);

/** What comes before a character, and what after it where it is there. */
function splitAt(text: string, character: string): readonly [string, string?] {
  const at = text.indexOf(character);
  return at < 0 ? [text] : [text.slice(0, at), text.slice(at + 1)];
}

/** The repository of a page, and the revision that the page shows; a repository without a name for pages of something else. */
function readPage(address: string): readonly [string, string?] {
  const [path = ''] = address.split(/[?#]/, 1);
  const [owner = '', name = '', view, revision] = path.replace(/\/$/, '').split('/');
  const id = `${owner}/${name}`;
  if (view === undefined) return [id];
  return ['tree', 'resolve', 'blob'].includes(view) && revision ? [id, revision] : [''];
}

/** Reads `owner/name`, `owner/name@revision`, or the address of a repository's page; null if it is none of them. */
export function readHubReference(
  text: string,
  endpoint = HUB_ENDPOINT,
): { readonly id: string; readonly revision: string | null } | null {
  const trimmed = text.trim();
  const [id, revision] = trimmed.startsWith(`${endpoint}/`)
    ? readPage(trimmed.slice(endpoint.length + 1))
    : splitAt(trimmed, '@');
  if (!isHubId(id) || (revision !== undefined && !isRevision(revision))) return null;
  return { id, revision: revision ?? null };
}

/** An address typed by a person as the folder's address, which ends in a slash; null if it is none that can be fetched. */
export function readFolderUrl(text: string): string | null {
  try {
    const url = new URL(text.trim());
    if (url.protocol !== 'https:' && url.protocol !== 'http:') return null;
    url.hash = '';
    url.search = '';
    if (url.pathname.endsWith('/manifest.json')) url.pathname = url.pathname.slice(0, -'manifest.json'.length);
    if (!url.pathname.endsWith('/')) url.pathname += '/';
    return url.href;
  } catch {
    return null;
  }
}

const encodePath = (path: string): string => path.split('/').map(encodeURIComponent).join('/');

/** The address of one file. */
export function fileUrl(origin: ModelOrigin, path: string): string {
  return origin.kind === 'url'
    ? new URL(encodePath(path), origin.url).href
    : `${origin.endpoint}/${origin.id}/resolve/${encodeURIComponent(origin.revision)}/${encodePath(path)}`;
}

/** What a person knows the origin by. */
export function originName(origin: ModelOrigin): string {
  return origin.kind === 'hub' ? origin.id : origin.url;
}
