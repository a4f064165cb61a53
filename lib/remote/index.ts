export { createRemote } from './client';
export { fetchRemote, type Remote, type RemoteAnswer, type RemoteRequest } from './remote';
