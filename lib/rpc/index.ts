/** Calls into workers: one typed protocol, streams that the reader pulls, errors that keep their class, and workers that are replaced after a crash. */
export type { Endpoint } from './endpoint';
export { type RpcClient, serve } from './rpc';
export type { Watch } from './watch';
export { WorkerClient, type WorkerClientOptions } from './worker-client';
export { link, type WorkerLink } from './worker-link';
