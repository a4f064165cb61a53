'use client';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import type { ReactNode } from 'react';
import { createBenchController } from '@/lib/state/bench-controller';
import { createBenchStore } from '@/lib/state/bench-store';
import { browserPorts } from '@/lib/state/browser-ports';
import { SessionContext } from '@/lib/state/session-context';
import { createSessionStore } from '@/lib/state/session-store';
import { BenchContext } from '@/lib/state/use-bench';

const create = () => {
  const bench = createBenchStore();
  const session = createSessionStore();
  return {
    bench,
    session: { store: session, controller: createBenchController({ bench, session, ports: browserPorts }) },
    queries: new QueryClient({ defaultOptions: { queries: { retry: 1, refetchOnWindowFocus: false } } }),
  };
};

/** One bench with its session, for everything below. */
export function Providers({ children }: { readonly children: ReactNode }) {
  const [{ bench, session, queries }] = useState(create);
  useEffect(() => session.controller.start(), [session]);
  return (
    <QueryClientProvider client={queries}>
      <BenchContext value={bench}>
        <SessionContext value={session}>{children}</SessionContext>
      </BenchContext>
    </QueryClientProvider>
  );
}
