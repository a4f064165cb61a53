import type { RemoteAnswer, RemoteRequest } from './remote';

export interface RemoteMethods {
  ask: { request: RemoteRequest; notice: never; chunk: never; reply: RemoteAnswer };
}
