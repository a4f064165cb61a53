/** Calls into workers: one typed protocol, streams that the reader pulls, errors that keep their class, and workers that are replaced after a crash. */
export { type Endpoint, type RpcClient, serve } from './rpc';
export { WorkerClient } from './worker-client';
export { link, type WorkerLink } from './worker-link';
