export { BlobSource, type KnownFile } from './blobs';
export { parseModelCard, type ModelCard, type ModelJudgement, type ModelReport } from './card';
export {
  bundledChoices,
  findModel,
  folderOfChoice,
  MODEL_ROLES,
  parseCatalogue,
  roleTitle,
  type BundledChoice,
  type Catalogue,
  type ModelRole,
} from './catalogue';
export { hasDigest, isFileDigest, startDigest, type FileDigest, type RunningDigest } from './digest';
export { editDistance } from './edit-distance';
export { ModelError, throwIfAborted, type ModelErrorCode, type ModelErrorData } from './errors';
export {
  hashInName,
  openFused,
  openJudge,
  openModel,
  sourceOf,
  UrlSource,
  type FileProgress,
  type FileSource,
  type JanusFiles,
  type JudgeFiles,
  type ModelFiles,
  type ReadOptions,
} from './files';
export { imageTokens, parseHubConfig, type HubConfig } from './hub-config';
export {
  chooseHubFiles,
  chooseUnderstandingFiles,
  HUB_TEXTS,
  isHubFolder,
  type ChosenGraph,
  type FolderFile,
  type HubChoice,
  type HubDevice,
  type HubDtype,
  type HubGraph,
  type UnderstandingChoice,
} from './hub-files';
export { openHubFolder, type HubFolder } from './hub-folder';
export { readGraphOutline, type GraphOutline, type GraphValue } from './hub-onnx';
export {
  bytesOfType,
  needsShaderF16,
  parseFusedManifest,
  weightRoles,
  type JanusFileRole,
  type JanusManifest,
} from './janus-manifest';
export { parseJudgeManifest, type JudgeFileRole, type JudgeManifest } from './judge-manifest';
export { DECODING_ROLES, parseManifest, type FileRole, type Manifest, type ManifestFile } from './manifest';
export { promptNotes, type PromptNote } from './prompt-limits';
export type { RowTable, TextByRows } from './row-table';
export { Sha256, sha256Hex } from './sha256';
export { BrowserFileStore, noStore, type FileStore } from './storage';
export {
  nearestWord,
  parseTextVocabulary,
  prefixIds,
  readPrompt,
  type PromptReading,
  type TextVocabulary,
  type UnknownWord,
} from './text';
export { parseVocabulary, type Vocabulary, type VocabularyObject } from './vocabulary';
