'use client';
import { QueryClientProvider } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import type { ReactNode } from 'react';
import { createServices, ServicesContext, startServices } from '@/lib/state';
import { StrayComparison } from './stray-comparison';

/** The services of the page, for everything below. */
export function Providers({ children }: { readonly children: ReactNode }) {
  const [services] = useState(createServices);
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
