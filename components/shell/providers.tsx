'use client';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import type { ReactNode } from 'react';
import { createBenchController } from '@/lib/state/bench-controller';
import { createBenchStore } from '@/lib/state/bench-store';
import { browserLibraryPorts, browserPorts } from '@/lib/state/browser-ports';
import { LibraryContext } from '@/lib/state/library-context';
import { createModelLibrary } from '@/lib/state/model-library';
import { browserPaircompPorts } from '@/lib/state/paircomp/browser-ports';
import { PaircompContext } from '@/lib/state/paircomp/paircomp-context';
import { createPaircompController } from '@/lib/state/paircomp/paircomp-controller';
import { createPaircompStore } from '@/lib/state/paircomp/paircomp-state';
import { SessionContext } from '@/lib/state/session-context';
import { createSessionStore } from '@/lib/state/session-store';
import { browserWorkshop } from '@/lib/state/versus/browser-workshop';
import { createVersus } from '@/lib/state/versus/versus';
import { VersusContext } from '@/lib/state/versus/versus-context';
import { BenchContext } from '@/lib/state/use-bench';

const create = () => {
  const bench = createBenchStore();
  const session = createSessionStore();
  const library = createModelLibrary(browserLibraryPorts());
  const controller = createBenchController({ bench, session, ports: browserPorts(library) });
  const runs = createPaircompStore();
  const workshop = browserWorkshop(controller);
  return {
    bench,
    library,
    session: { store: session, controller },
    paircomp: { store: runs, controller: createPaircompController(runs, browserPaircompPorts(controller, library)) },
    versus: { versus: createVersus(workshop), workshop },
    queries: new QueryClient({ defaultOptions: { queries: { retry: 1, refetchOnWindowFocus: false } } }),
  };
};

/** One bench with its session, and what runs behind it, for everything below: they outlive the pages that show them. */
export function Providers({ children }: { readonly children: ReactNode }) {
  const [{ bench, library, session, paircomp, versus, queries }] = useState(create);
  useEffect(() => session.controller.start(), [session]);
  useEffect(
    () => () => {
      versus.versus.stop();
      versus.workshop.rest();
    },
    [versus],
  );
  // A model that was chosen on an earlier visit shows its name before it is loaded.
  useEffect(() => void library.chosenKey(), [library]);
  return (
    <QueryClientProvider client={queries}>
      <BenchContext value={bench}>
        <LibraryContext value={library}>
          <SessionContext value={session}>
            <PaircompContext value={paircomp}>
              <VersusContext value={versus}>{children}</VersusContext>
            </PaircompContext>
          </SessionContext>
        </LibraryContext>
      </BenchContext>
    </QueryClientProvider>
  );
}
