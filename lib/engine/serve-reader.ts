import type { ReaderMethods } from './protocol';
import { serve, type Endpoint } from './rpc';
import type { PictureReader } from './types';

/** Offers a reader at one end of a message channel: what the reader worker does. */
export function serveReader(endpoint: Endpoint, reader: Pick<PictureReader, 'version' | 'read'>): void {
  serve<ReaderMethods>(endpoint, {
    version: { call: ({ model }, { signal }) => reader.version(model, { signal }) },
    read: { call: (request, { signal }) => reader.read(request, { signal }) },
  });
}
