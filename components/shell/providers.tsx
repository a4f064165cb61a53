'use client';
import { QueryClientProvider } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import type { ReactNode } from 'react';
import { createServices, ServicesContext, startServices } from '@/lib/state';
import type { FirstView } from '@/lib/state/sharing';
import { StrayComparison } from './stray-comparison';

/** The services of the page, for everything below. */
export function Providers({
  firstView,
  children,
}: {
  readonly firstView: FirstView | null;
  readonly children: ReactNode;
}) {
  const [services] = useState(() => createServices(firstView));
  useEffect(() => startServices(services), [services]);
  return (
    <QueryClientProvider client={services.queries}>
      <ServicesContext value={services}>
        <StrayComparison />
        {children}
      </ServicesContext>
    </QueryClientProvider>
  );
}
