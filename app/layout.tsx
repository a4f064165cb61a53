import type { Metadata, Viewport } from 'next';
import { connection } from 'next/server';
import type { ReactNode } from 'react';
import './globals.css';
import { Providers } from '@/components/shell/providers';
import { firstView } from '@/lib/public-files/first-view';
import { publicPath } from '@/lib/state/page';

export const metadata: Metadata = {
  title: 'Pairscope',
  description:
    'Two nearly identical prompts, one image model in your browser, every token difference shown and measured.',
  icons: { icon: publicPath('icon.svg') },
};

export const viewport: Viewport = {
  width: 'device-width',
  initialScale: 1,
  themeColor: [
    { media: '(prefers-color-scheme: light)', color: '#f5f4f0' },
    { media: '(prefers-color-scheme: dark)', color: '#131312' },
  ],
};

export default async function RootLayout({ children }: { readonly children: ReactNode }) {
  // A page answered per request carries that request's script nonce; a static site has hashes instead.
  if (process.env.PAIRSCOPE_EXPORT !== '1') await connection();
  return (
    // before-paint.js may set data-theme before React sees the element.
    <html lang="en" suppressHydrationWarning>
      <head>
        {/* Must block: a theme applied after the first paint would flash, and so would a page that must not be framed. */}
        <script src={publicPath('before-paint.js')} />
      </head>
      <body className="min-h-dvh">
        <Providers firstView={await firstView()}>{children}</Providers>
      </body>
    </html>
  );
}
