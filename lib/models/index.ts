export { findModel, parseCatalogue, type Catalogue } from './catalogue';
export { editDistance } from './edit-distance';
export { ModelError, type ModelErrorCode, type ModelErrorData } from './errors';
export { hashInName, openModel, sourceOf, UrlSource, type FileProgress, type FileSource, type ModelFiles, type ReadOptions } from './files';
export { parseManifest, type FileRole, type Manifest, type ManifestFile } from './manifest';
export { sha256Hex } from './sha256';
export { BrowserFileStore, noStore, type FileStore } from './storage';
export { nearestWord, parseTextVocabulary, prefixIds, readPrompt, type PromptReading, type TextVocabulary, type UnknownWord } from './text';
