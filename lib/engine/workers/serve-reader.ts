import type { PictureReader } from '@/lib/judge';
import { type Endpoint, serve } from '@/lib/rpc';
import type { ReaderMethods } from './protocol';

/** Offers a reader at one end of a message channel: what the reader worker does. */
export function serveReader(endpoint: Endpoint, reader: Pick<PictureReader, 'version' | 'read'>): void {
  serve<ReaderMethods>(endpoint, {
    version: { call: ({ model }, { signal }) => reader.version(model, { signal }) },
    read: { call: (request, { signal }) => reader.read(request, { signal }) },
  });
}
