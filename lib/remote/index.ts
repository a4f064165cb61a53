/** Requests to other hosts, from a worker of their own and with limits. */
export { createRemote } from './client';
export { fetchRemote, type Remote, type RemoteAnswer } from './remote';
