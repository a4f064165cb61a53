import { type Endpoint, serve } from '@/lib/rpc';
import type { DownloadMethods, DownloadService } from './service';

/** Offers downloads at one end of a message channel; calls that come before the storage is open wait for it. */
export function serveDownloads(endpoint: Endpoint, service: Promise<DownloadService>): void {
  serve<DownloadMethods>(endpoint, {
    list: { call: async ({ origin }, { signal }) => (await service).list(origin, signal) },
    peek: { call: async ({ origin, file }, { signal }) => (await service).peek(origin, file, signal) },
    states: { call: async ({ files }) => (await service).states(files) },
    download: { call: async (model, { signal, notify }) => (await service).download(model, signal, notify) },
    open: { call: async (model) => (await service).open(model) },
    check: { call: async (model, { signal }) => (await service).check(model, signal) },
    overview: { call: async () => (await service).overview() },
    forget: { call: async ({ origin }) => void (await (await service).forget(origin)) },
    removeStrays: { call: async () => void (await (await service).removeStrays()) },
    rows: { call: async ({ table, ids }, { signal }) => (await service).rows(table, ids, signal) },
    rowTable: {
      call: async ({ origin, graph, files }, { signal }) => (await service).rowTable(origin, graph, files, signal),
    },
  });
}
