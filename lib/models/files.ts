import { ModelError, throwModelErrorIfAborted } from '@/lib/domain';
import { BlobSource } from './blobs';
import { type JanusFileRole, type JanusManifest, parseDrawingManifest } from './janus-manifest';
import { type JudgeFileRole, type JudgeManifest, parseJudgeManifest } from './judge-manifest';
import { isLfsPointer } from './lfs-pointer';
import type { ModelLocation } from './location';
import { type FileRole, type Manifest, type ManifestFile, parseManifest } from './manifest';
import { sha256Hex } from './sha256';
import type { FileSource, ReadOptions } from './sources';
import { type FileStore, noStore } from './storage';
import { isWebPage, WEB_PAGE } from './web-page';

export type FileProgress = (loadedBytes: number, phase: 'download' | 'verify', fromStorage: boolean) => void;

const MAX_MANIFEST_BYTES = 256 * 1024;

/** A folder, opened: its manifest, and its files on request, each verified against the manifest. */
export interface FolderFiles<Role extends string, M> {
  readonly manifest: M;
  /** First 16 hex digits of the SHA-256 of the manifest. */
  readonly hash: string;
  /** False once a file could not be kept in this browser's storage. */
  readonly stored: boolean;
  bytesOf(roles: readonly Role[]): number;
  read(
    role: Role,
    options?: { readonly signal?: AbortSignal | undefined; readonly onProgress?: FileProgress },
  ): Promise<Uint8Array<ArrayBuffer>>;
}

export type ModelFiles = FolderFiles<FileRole, Manifest>;
export type JanusFiles = FolderFiles<JanusFileRole, JanusManifest>;
export type JudgeFiles = FolderFiles<JudgeFileRole, JudgeManifest>;

export interface OpenOptions {
  readonly store?: FileStore;
  readonly signal?: AbortSignal | undefined;
}

/** The hash in a folder name such as `embedded@0123456789abcdef`, if there is one. */
export function hashInName(name: string): string | null {
  return /@([0-9a-f]{16})$/.exec(name)?.[1] ?? null;
}

/** Says which model error, if any, the bytes of a file are. */
async function verify(file: ManifestFile, data: Uint8Array<ArrayBuffer>): Promise<ModelError | null> {
  if (file.bytes !== data.length && isLfsPointer(data)) return new ModelError('model-pointer', { file: file.path });
  const sizes = { file: file.path, expectedBytes: file.bytes, receivedBytes: data.length };
  if (data.length < file.bytes) return new ModelError('model-truncated', sizes);
  if (data.length > file.bytes || (await sha256Hex(data)) !== file.sha256)
    return new ModelError('model-altered', sizes);
  return null;
}

/**
 * Opens a model folder by its manifest. A folder whose name carries a hash must have the manifest of that hash; it is stored too, so
 * that a stored model opens without a network.
 * Throws `model-unknown` if there is no manifest, `model-altered` if it is another, `model-damaged` if it cannot be read.
 */
export const openModel = (source: FileSource, options: OpenOptions = {}): Promise<ModelFiles> =>
  openFolder(source, parseManifest, options);

/** Opens the folder of a model that draws from one graph, of either layout, as `openModel` opens the embedded model's; `layout` tells which it is. */
export async function openByManifest(
  source: FileSource,
  options: OpenOptions = {},
): Promise<
  | { readonly layout: 'fused'; readonly files: ModelFiles }
  | { readonly layout: 'fused-janus'; readonly files: JanusFiles }
> {
  const files = await openFolder<FileRole & JanusFileRole, Manifest | JanusManifest>(
    source,
    parseDrawingManifest,
    options,
  );
  return files.manifest.layout === 'fused'
    ? { layout: 'fused', files: files as ModelFiles }
    : { layout: 'fused-janus', files: files as JanusFiles };
}

/** Opens a judge's folder, as `openModel` opens a model's. */
export const openJudge = (source: FileSource, options: OpenOptions = {}): Promise<JudgeFiles> =>
  openFolder(source, parseJudgeManifest, options);

async function openFolder<Role extends string, M extends Filed<Role>>(
  source: FileSource,
  parse: (bytes: Uint8Array) => M,
  options: OpenOptions,
): Promise<FolderFiles<Role, M>> {
  const { store = noStore, signal } = options;
  const readManifest = async (fresh: boolean) => {
    const bytes = await source.read('manifest.json', { maxBytes: MAX_MANIFEST_BYTES, signal, fresh });
    return { bytes, hash: (await sha256Hex(bytes)).slice(0, 16) };
  };
  const expected = hashInName(source.name);
  const stored = expected === null ? null : await store.get(expected);
  if (expected !== null && stored) return new OpenedFolder(source, store, parse(stored), expected);
  let { bytes, hash } = await readManifest(false).catch((error: unknown) => {
    if (error instanceof ModelError && error.code === 'model-missing') {
      throw new ModelError('model-unknown', { model: source.name }, { cause: error });
    }
    throw error;
  });
  if (expected !== null && hash !== expected) {
    ({ bytes, hash } = await readManifest(true));
    if (hash !== expected) throw new ModelError('model-altered', { file: 'manifest.json', model: source.name });
  }
  if (expected !== null) await store.put(expected, bytes);
  return new OpenedFolder(source, store, parse(bytes), hash);
}

interface Filed<Role extends string> {
  readonly files: Readonly<Record<Role, ManifestFile>>;
}

class OpenedFolder<Role extends string, M extends Filed<Role>> implements FolderFiles<Role, M> {
  stored = true;

  constructor(
    private readonly source: FileSource,
    private readonly store: FileStore,
    readonly manifest: M,
    readonly hash: string,
  ) {}

  bytesOf(roles: readonly Role[]): number {
    return roles.reduce((sum, role) => sum + this.manifest.files[role].bytes, 0);
  }

  async read(
    role: Role,
    { signal, onProgress }: { readonly signal?: AbortSignal | undefined; readonly onProgress?: FileProgress } = {},
  ): Promise<Uint8Array<ArrayBuffer>> {
    const file = this.manifest.files[role];
    throwModelErrorIfAborted(signal);
    try {
      return await this.store.exclusively(file.sha256, signal, async () => {
        const stored = await this.store.get(file.sha256);
        throwModelErrorIfAborted(signal);
        if (stored) {
          onProgress?.(stored.length, 'verify', true);
          return stored;
        }
        const data = await this.#download(file, signal, onProgress);
        if (!(await this.store.put(file.sha256, data))) this.stored = false;
        return data;
      });
    } catch (error) {
      throwModelErrorIfAborted(signal);
      throw error;
    }
  }

  /** One retry, past caches on the way: a cut connection or a stale copy is the usual reason. */
  async #download(
    file: ManifestFile,
    signal: AbortSignal | undefined,
    onProgress: FileProgress | undefined,
  ): Promise<Uint8Array<ArrayBuffer>> {
    for (let attempt = 0; ; attempt++) {
      try {
        const data = await this.source.read(file.path, {
          maxBytes: file.bytes + 1,
          signal,
          fresh: attempt > 0,
          onBytes: (bytes) => onProgress?.(Math.min(bytes, file.bytes), 'download', false),
        });
        onProgress?.(Math.min(data.length, file.bytes), 'verify', false);
        const problem = await verify(file, data);
        throwModelErrorIfAborted(signal);
        if (!problem) return data;
        throw problem;
      } catch (error) {
        const again = error instanceof ModelError && error.code !== 'aborted' && error.code !== 'model-missing';
        if (attempt > 0 || !again) throw error;
      }
    }
  }
}

/** Reads a model folder over HTTP. Bytes are counted after decompression, which `Content-Length` does not tell. */
export class UrlSource implements FileSource {
  readonly name: string;
  readonly #base: URL;

  constructor(url: string) {
    const here = (globalThis as { location?: Location }).location?.href;
    this.#base = new URL(url.endsWith('/') ? url : `${url}/`, here);
    this.name = decodeURIComponent(this.#base.pathname.split('/').at(-2) ?? '');
  }

  async read(
    path: string,
    { maxBytes, signal, fresh = false, onBytes }: ReadOptions,
  ): Promise<Uint8Array<ArrayBuffer>> {
    throwModelErrorIfAborted(signal);
    try {
      const response = await fetch(new URL(path, this.#base), {
        ...(signal && { signal }),
        ...(fresh && { cache: 'reload' }),
      });
      if (response.status === 404 || response.status === 410) throw new ModelError('model-missing', { file: path });
      if (!response.ok || !response.body)
        throw new ModelError('network', { file: path, detail: `the server answered ${response.status}` });
      const data = await collect(response.body, maxBytes, onBytes);
      if (isWebPage(response, data)) throw new ModelError('network', { file: path, detail: WEB_PAGE });
      return data;
    } catch (error) {
      if (error instanceof ModelError) throw error;
      throwModelErrorIfAborted(signal);
      throw new ModelError('network', { file: path }, { cause: error });
    }
  }
}

/** The bytes of a stream, up to `maxBytes`; a longer stream is cut there and cancelled. */
async function collect(
  stream: ReadableStream<Uint8Array>,
  maxBytes: number,
  onBytes: ((bytes: number) => void) | undefined,
): Promise<Uint8Array<ArrayBuffer>> {
  const parts: Uint8Array[] = [];
  let length = 0;
  const reader = stream.getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    parts.push(value.subarray(0, maxBytes - length));
    length = Math.min(maxBytes, length + value.length);
    onBytes?.(length);
    if (length === maxBytes) {
      await reader.cancel();
      break;
    }
  }
  const data = new Uint8Array(length);
  let offset = 0;
  for (const part of parts) {
    data.set(part, offset);
    offset += part.length;
  }
  return data;
}

/** The source of a location that a browser can reach; directories are read by `directorySource` in Node. */
export function sourceOf(location: ModelLocation): FileSource {
  switch (location.kind) {
    case 'url':
      return new UrlSource(location.url);
    case 'files':
      return new BlobSource(location.name, location.files, location.text ? [location.text.graph] : []);
    case 'directory':
      throw new ModelError('model-unknown', { model: location.path, detail: 'folders can be read in Node only' });
  }
}
