/**
 * The download worker. It alone may speak to other hosts: the page's content security policy keeps everything else at home. It is also
 * where the private file system can be written.
 */
import { serve } from '../engine/rpc';
import { browserLocks } from './locks';
import { openDepot } from './open-depot';
import { realSleep } from './request';
import { DownloadService, type DownloadMethods } from './service';

const service = openDepot().then((depot) => new DownloadService(depot, browserLocks(), { fetch: (input, init) => fetch(input, init), sleep: realSleep }));

serve<DownloadMethods>(self, {
  list: { call: async ({ origin }, { signal }) => (await service).list(origin, signal) },
  peek: { call: async ({ origin, file }, { signal }) => (await service).peek(origin, file, signal) },
  states: { call: async ({ files }) => (await service).states(files) },
  download: { call: async (model, { signal, notify }) => (await service).download(model, signal, notify) },
  open: { call: async (model) => (await service).open(model) },
  check: { call: async (model, { signal }) => (await service).check(model, signal) },
  overview: { call: async () => (await service).overview() },
  forget: { call: async ({ origin }) => void (await (await service).forget(origin)) },
  removeStrays: { call: async () => void (await (await service).removeStrays()) },
  rowTable: { call: async ({ origin, graph, files }, { signal }) => (await service).rowTable(origin, graph, files, signal) },
});
