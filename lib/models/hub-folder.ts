import { ModelError, throwModelErrorIfAborted } from '@/lib/domain';
import * as z from '@/lib/schema';
import { type FolderFile, isHubFolder } from './hub-files';
import { assertNoPointer, assertNoPointers } from './lfs-pointer';
import { MANIFEST } from './manifest';
import { parseModelJson } from './model-json';
import { sha256Hex } from './sha256';
import type { FileSource } from './sources';

const MAX_TEXT_BYTES = 64 * 2 ** 20;

const manifestSchema = z.object({
  layout: z.string(),
  files: z.record(
    z.string(),
    z.object({ path: z.optional(z.string()), bytes: z.number(), sha256: z.string().check(z.regex(/^[0-9a-f]{64}$/)) }),
  ),
});

interface Read {
  readonly data: Uint8Array<ArrayBuffer>;
  /** Of its contents, hexadecimal. */
  readonly sha256: string;
}

/** A model's folder in the hub's layout. */
export interface HubFolder {
  readonly name: string;
  readonly files: readonly FolderFile[];
  /** All of one file, checked where the folder says what it must be. Throws `model-missing`, `model-truncated`, `model-altered` or `model-pointer`. */
  read(
    path: string,
    options?: { readonly signal?: AbortSignal | undefined; readonly onBytes?: (bytes: number) => void },
  ): Promise<Read>;
  /** Bytes `from` to `to` of one file, fewer at its end, unchecked. Throws `model-missing`. */
  readRange(path: string, from: number, to: number, signal?: AbortSignal): Promise<Uint8Array>;
}

/**
 * The folder of `source` if it has the hub's layout, or null: a folder whose manifest says that it has another one, or a source that cannot say which
 * files it has.
 */
export async function openHubFolder(source: FileSource, signal?: AbortSignal): Promise<HubFolder | null> {
  const files = await source.list?.();
  if (!files || !isHubFolder(files.map(({ path }) => path))) return null;
  const expected = new Map<string, { readonly bytes: number; readonly sha256: string }>();
  if (files.some(({ path }) => path === MANIFEST)) {
    const text = await source.read(MANIFEST, { maxBytes: MAX_TEXT_BYTES, signal });
    const manifest = parseModelJson(text, MANIFEST, manifestSchema);
    if (manifest.layout !== 'hub') return null;
    for (const [key, { path = key, bytes, sha256 }] of Object.entries(manifest.files))
      expected.set(path, { bytes, sha256 });
  }
  return {
    name: source.name,
    files,
    readRange: async (path, from, to, stop = signal) =>
      source.readRange?.(path, from, to, stop) ??
      (await source.read(path, { maxBytes: to, signal: stop })).subarray(from),
    read: async (path, { signal: stop = signal, onBytes } = {}) => {
      const listed = files.find((file) => file.path === path);
      if (!listed) throw new ModelError('model-missing', { file: path });
      const wanted = expected.get(path);
      const sizes = { file: path, expectedBytes: wanted?.bytes ?? listed.bytes, receivedBytes: listed.bytes };
      if (listed.bytes < sizes.expectedBytes) {
        await assertNoPointers([listed], (of) => source.read(of, { maxBytes: listed.bytes, signal: stop }));
        throw new ModelError('model-truncated', sizes);
      }
      const data = await source.read(path, { maxBytes: listed.bytes, signal: stop, onBytes });
      assertNoPointer(data, path);
      const sha256 = await sha256Hex(data);
      throwModelErrorIfAborted(stop);
      if (wanted && (sha256 !== wanted.sha256 || data.length !== wanted.bytes))
        throw new ModelError('model-altered', sizes);
      return { data, sha256 };
    },
  };
}
