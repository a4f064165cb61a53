export { createDownloads, Downloads } from './client';
export { isSafePath, type ListedFile, type Listing } from './listing';
export { fusedNeedsOf, needsOf, objectionsTo, type Device, type Needs, type Objection } from './needs';
export {
  fileUrl,
  HUB_ENDPOINT,
  isRevision,
  JANUS_PRO_1B,
  originName,
  readFolderUrl,
  readHubReference,
  type HubReference,
  type ModelOrigin,
} from './origin';
export type { DownloadProgress, FilePhase, FileProgress } from './progress';
export { realSleep } from './request';
export type { FilesAtHand, Overview, StoredModel } from './service';
export { readRecord, type FileState, type ModelRecord } from './store';
