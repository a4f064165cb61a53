/** Calls into workers: one typed protocol, with streams that the reader pulls and errors that keep their class. */
export { type Endpoint, RpcClient, serve, type WorkerLink } from './rpc';
