export { createDownloads, Downloads } from './client';
export { isSafePath, type ListedFile, type Listing } from './listing';
export { fileUrl, HUB_ENDPOINT, isRevision, JANUS_PRO_1B, originName, readFolderUrl, readHubReference, type HubReference, type ModelOrigin } from './origin';
export type { DownloadProgress, FilePhase, FileProgress } from './progress';
export { realSleep } from './request';
export { RowFetcher, type RowTable } from './rows';
export type { FilesAtHand, Overview, StoredModel } from './service';
export type { FileState, ModelRecord } from './store';
