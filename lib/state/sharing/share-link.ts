import { type Comparison, type ComparisonError, encodeLink, encodeSheetLink, type ModelSheet } from '@/lib/comparison';
import type { Result } from '@/lib/domain';
import { publicPath } from '@/lib/state/page';

export interface ShareLink {
  readonly url: string;
  /** What a recipient elsewhere could not do with it; null when the link works anywhere. */
  readonly warning: 'local' | null;
}

const isLocal = (hostname: string): boolean =>
  hostname === 'localhost' ||
  hostname === '::1' ||
  hostname === '[::1]' ||
  hostname.endsWith('.localhost') ||
  /^127\.|^0\.0\.0\.0$/.test(hostname);

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

const linkTo = (
  fragment: Result<string, ComparisonError>,
  page: URL,
  configured: string,
): Result<ShareLink, ComparisonError> => {
  if (!fragment.ok) return fragment;
  const base = siteAddress(configured, page);
  base.hash = '';
  return { ok: true, value: { url: base.href + fragment.value, warning: isLocal(base.hostname) ? 'local' : null } };
};

const configuredAddress = (): string => process.env.NEXT_PUBLIC_SITE_URL ?? '';

/** The full link of a comparison: everything is in the fragment, which browsers never send to a server. */
export const shareLink = (
  comparison: Comparison,
  page: URL,
  configured = configuredAddress(),
): Result<ShareLink, ComparisonError> => linkTo(encodeLink(comparison), page, configured);

/** The full link of model against model. */
export const shareSheetLink = (
  sheet: ModelSheet,
  page: URL,
  configured = configuredAddress(),
): Result<ShareLink, ComparisonError> => linkTo(encodeSheetLink(sheet), page, configured);
