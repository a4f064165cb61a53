/** Why something could not be fetched for which a web page came. */
export const WEB_PAGE = 'a web page came in its place, as networks with a sign-in page send it';

const SPACES: ReadonlySet<number> = new Set([0x20, 0x09, 0x0a, 0x0d, 0xef, 0xbb, 0xbf]);

/** True of an answer that is a web page instead of the file that was asked for: it says so, and begins with `<`. */
export function isWebPage(response: Response, data: Uint8Array): boolean {
  if (!/^text\/html|^application\/xhtml/i.test(response.headers.get('Content-Type') ?? '')) return false;
  return data.subarray(0, 1024).find((byte) => !SPACES.has(byte)) === 0x3c;
}
