/** Model folders, wherever their bytes come from: manifests, sources, checked files, tokenizers. */
export { BlobSource, type KnownFile } from './blobs';
export { type ModelCard, type ModelJudgement, type ModelReport, parseModelCard } from './card';
export {
  type BundledChoice,
  bundledChoices,
  type Catalogue,
  findModel,
  folderOfChoice,
  isListed,
  MODEL_ROLES,
  parseCatalogue,
  requireListed,
  roleTitle,
} from './catalogue';
export { externalPath, graphsWithData, withExternalData } from './external-data';
export { type FileDigest, hasDigest, isFileDigest, type RunningDigest, startDigest } from './digest';
export {
  type JanusFiles,
  type JudgeFiles,
  type ModelFiles,
  openByManifest,
  openJudge,
  openModel,
  sourceOf,
  UrlSource,
} from './files';
export { type HubConfig, imageTokens, parseHubConfig } from './hub-config';
export {
  chooseHubFiles,
  chooseUnderstandingFiles,
  type ChosenGraph,
  type FolderFile,
  type HubChoice,
  type HubDevice,
  isHubFolder,
} from './hub-files';
export { type HubFolder, openHubFolder } from './hub-folder';
export { bytesOfType, type JanusManifest, needsShaderF16, parseDrawingManifest, weightRoles } from './janus-manifest';
export { HubTokenizer } from './janus-tokenizer';
export type { JudgeManifest } from './judge-manifest';
export { assertNoPointers } from './lfs-pointer';
export { modelFolder, type ModelLocation } from './location';
export { DECODING_ROLES, type Manifest, type ManifestFile, parseManifest } from './manifest';
export { parseModelJson } from './model-json';
export { assertRoom, likelyPictureTokens, pictureGrid } from './picture-tokens';
export type { RowTable, TextByRows } from './row-table';
export { sha256Hex } from './sha256';
export type { FileSource } from './sources';
export { BrowserFileStore, type FileStore } from './storage';
export { WEB_PAGE } from './web-page';
export {
  parseTextVocabulary,
  prefixIds,
  type PromptReading,
  readPrompt,
  type TextVocabulary,
  type UnknownWord,
} from './word-tokenizer';
