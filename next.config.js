import { contentSecurityPolicy } from './content-security-policy.js';

/**
 * Two ways to build from one tree: a Node server (default), and a static site (PAIRSCOPE_EXPORT=1) for any host and, with
 * PAIRSCOPE_BASE_PATH=/sub/path, any folder of it.
 */
const basePath = process.env.PAIRSCOPE_BASE_PATH ?? '';
const isExport = process.env.PAIRSCOPE_EXPORT === '1';

if (basePath !== '' && !/^(\/[\w.~-]+)+$/.test(basePath)) {
  throw new Error(`PAIRSCOPE_BASE_PATH must look like /sub/path, not "${basePath}".`);
}

/** Headers that do not depend on the request; the content security policy, which carries a nonce, is set in proxy.server.ts. */
const headers = [
  { key: 'Cross-Origin-Opener-Policy', value: 'same-origin' },
  { key: 'Cross-Origin-Embedder-Policy', value: 'require-corp' },
  { key: 'Cross-Origin-Resource-Policy', value: 'same-origin' },
  { key: 'X-Content-Type-Options', value: 'nosniff' },
  { key: 'Referrer-Policy', value: 'no-referrer' },
  { key: 'Permissions-Policy', value: 'camera=(), geolocation=(), microphone=()' },
];

/** Answers under these paths are files, and get no policy from proxy.server.ts; what is missing there is answered by an error page. */
const files = ['/models/:path*', '/examples/:path*', '/_next/:path((?!static/).+)'];
const filePolicy = [{ key: 'Content-Security-Policy', value: contentSecurityPolicy([], 'header') }];

/** A model's folder is named by the hash of its contents and never changes. */
const immutable = [{ key: 'Cache-Control', value: 'public, max-age=31536000, immutable' }];

/** @type {import('next').NextConfig} */
const config = {
  reactStrictMode: true,
  poweredByHeader: false,
  devIndicators: false,
  // Pictures are drawn or lie in public/ as they are shown: without an image loader, /_next/image is not there.
  images: { unoptimized: true },
  // Where types have been checked already, a build need not do it again.
  typescript: { ignoreBuildErrors: process.env.PAIRSCOPE_CHECKED === '1' },
  basePath,
  env: {
    NEXT_PUBLIC_BASE_PATH: basePath,
    NEXT_PUBLIC_SITE_URL: process.env.NEXT_PUBLIC_SITE_URL ?? '',
    PAIRSCOPE_EXPORT: isExport ? '1' : '',
  },
  // Server-only files end in .server.ts, so a static export does not see them.
  pageExtensions: isExport ? ['tsx', 'ts'] : ['server.ts', 'tsx', 'ts'],
  ...(isExport
    ? { output: 'export', distDir: 'out', trailingSlash: true }
    : {
        headers: () =>
          Promise.resolve([
            { source: '/:path*', headers },
            ...files.map((source) => ({ source, headers: filePolicy })),
            { source: '/models/:name(.+@[0-9a-f]{16})/:file*', headers: immutable },
          ]),
      }),
};

export default config;
