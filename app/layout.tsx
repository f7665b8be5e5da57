import { GeistMono } from 'geist/font/mono';
import { GeistSans } from 'geist/font/sans';
import type { Metadata, Viewport } from 'next';
import { cookies } from 'next/headers';
import type { ReactNode } from 'react';
import { TrpcProvider } from '../components/trpc/provider.tsx';
import { parseTheme, themeCookie } from '../components/ui/theme.ts';
import './globals.css';

export const metadata: Metadata = {
  title: { default: 'Fleet', template: '%s · Fleet' },
  description: 'A control plane for autonomous coding agents.',
  robots: { index: false, follow: false },
};

export const viewport: Viewport = { width: 'device-width', initialScale: 1, viewportFit: 'cover' };

/** The theme comes from a cookie, so that the first byte already has it and no page flashes. */
export default async function RootLayout({ children }: { children: ReactNode }) {
  const theme = parseTheme((await cookies()).get(themeCookie)?.value);
  return (
    <html lang="en" data-theme={theme} className={`${GeistSans.variable} ${GeistMono.variable}`}>
      <body>
        <TrpcProvider>{children}</TrpcProvider>
      </body>
    </html>
  );
}
