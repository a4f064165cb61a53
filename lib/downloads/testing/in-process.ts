import { Downloads } from '../client';
import { serveDownloads } from '../serve';
import type { DownloadService } from '../service';

/** Downloads as a page has them, over a real message channel, with the other end in the same thread. */
export function inProcess(service: DownloadService): { readonly downloads: Downloads; readonly end: () => void } {
  const { port1, port2 } = new MessageChannel();
  serveDownloads(port2, Promise.resolve(service));
  port2.start();
  port1.start();
  const end = () => {
    port1.close();
  };
  return { downloads: new Downloads(() => ({ endpoint: port1, onCrash: () => undefined, terminate: end })), end };
}
