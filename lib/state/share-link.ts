import { encodeLink } from '../comparison';
import type { Comparison, ComparisonError, Result } from '../comparison';
import { publicPath } from './public-path';

export interface ShareLink {
  readonly url: string;
  /** What a recipient elsewhere could not do with it; null when the link works anywhere. */
  readonly warning: 'local' | null;
}

const isLocal = (hostname: string): boolean =>
  hostname === 'localhost' || hostname === '::1' || hostname === '[::1]' || hostname.endsWith('.localhost') || /^127\.|^0\.0\.0\.0$/.test(hostname);

/** Where links should point: the configured public address, or else this page's own. */
const siteAddress = (configured: string, page: URL): URL => {
  if (configured !== '') {
    try {
      const url = new URL(configured);
      if (url.protocol === 'https:' || url.protocol === 'http:') return url;
    } catch {
      // A wrong address is as good as none: the page's own is used, with its warning.
    }
  }
  return new URL(publicPath(''), page);
};

/** The full link of a comparison: everything is in the fragment, which browsers never send to a server. */
export const shareLink = (
  comparison: Comparison,
  page: URL,
  configured: string = process.env.NEXT_PUBLIC_SITE_URL ?? '',
): Result<ShareLink, ComparisonError> => {
  const fragment = encodeLink(comparison);
  if (!fragment.ok) return fragment;
  const base = siteAddress(configured, page);
  base.hash = '';
  return { ok: true, value: { url: base.href + fragment.value, warning: isLocal(base.hostname) ? 'local' : null } };
};
