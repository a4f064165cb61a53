/** Models of a hub brought into this browser: listed, downloaded by range, checked, stored, removed. */
export { createDownloads, Downloads } from './client';
export { type Depot, MemoryDepot } from './depot';
export type { ListedFile } from './listing';
export { OpfsDepot } from './opfs-depot';
export {
  fileUrl,
  HUB_ENDPOINT,
  isRevision,
  JANUS_PRO_1B,
  type ModelOrigin,
  originName,
  readFolderUrl,
  readHubReference,
} from './origin';
export type { DownloadProgress, FileProgress } from './progress';
export { DownloadService, type FilesAtHand, type Overview, type StoredModel } from './service';
export { type FileState, type ModelRecord, readRecord } from './store';
