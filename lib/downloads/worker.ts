import { browserLocks } from './locks';
import { openDepot } from './open-depot';
import { realSleep } from './request';
import { serveDownloads } from './serve';
import { DownloadService } from './service';

serveDownloads(
  self,
  openDepot().then(
    (depot) =>
      new DownloadService(depot, browserLocks(), {
        fetch: (input, init) => fetch(input, init),
        isOffline: () => !navigator.onLine,
        sleep: realSleep,
      }),
  ),
);
