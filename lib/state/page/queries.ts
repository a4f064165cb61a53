import { onlineManager, QueryClient } from '@tanstack/react-query';

/**
 * What a page reads for itself is tried at once, with or without a network: a failure is told, not put off until the network is back.
 * What the page shows anyway is then read again by itself; what a press asked for is not (`onPress`).
 */
export const createQueries = (): QueryClient =>
  new QueryClient({
    defaultOptions: {
      queries: {
        networkMode: 'always',
        retry: (failures) => failures < 1 && onlineManager.isOnline(),
        refetchOnReconnect: true,
        refetchOnWindowFocus: false,
      },
      mutations: { networkMode: 'always' },
    },
  });

/** For what a press asks for: it is done now or not at all, and again only on another press. */
export const onPress = { networkMode: 'always', retry: false, refetchOnReconnect: false } as const;
