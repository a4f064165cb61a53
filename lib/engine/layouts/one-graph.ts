import { throwIfAborted } from '@/lib/domain';
import type { JanusFiles, ManifestFile, ModelFiles } from '@/lib/models';
import type { DecodeBackend } from '../decode/backend';
import type { GraphShape } from '../decode/ort/graph-files';
import type { Ort } from '../decode/ort/types';
import type { Runtime } from '../runtime/runtime';
import type { DrawableModel, LoadContext } from './drawable-model';

/** An opened folder, as far as reading files from it goes. */
interface Readable<Role extends string> {
  readonly manifest: { readonly files: Readonly<Partial<Record<Role, ManifestFile>>> };
  readonly stored: boolean;
  bytesOf(roles: readonly Role[]): number;
  read(
    role: Role,
    options: {
      readonly signal: AbortSignal;
      readonly onProgress: (loadedBytes: number, phase: 'download' | 'verify', fromStorage: boolean) => void;
    },
  ): Promise<Uint8Array<ArrayBuffer>>;
}

/** Fetches the runtime and some of a folder's files at the same time, and counts their bytes together; the files in the order of their roles. */
export async function readWithRuntime<Role extends string>(
  runtime: Runtime,
  files: Readable<Role>,
  roles: readonly NoInfer<Role>[],
  { signal, progress, onNotStored }: LoadContext,
): Promise<{ readonly ort: Ort; readonly data: readonly Uint8Array<ArrayBuffer>[] }> {
  progress.totalBytes = runtime.bytes + files.bytesOf(roles);
  const [ort, ...data] = await Promise.all([
    runtime.prepare({
      signal,
      onBytes: (bytes) => {
        progress.update('runtime', bytes, 'runtime');
      },
    }),
    ...roles.map((role) =>
      files.read(role, {
        signal,
        onProgress: (bytes, phase, fromStorage) => {
          progress.update(role, bytes, phase, fromStorage);
        },
      }),
    ),
  ]);
  if (!files.stored) onNotStored?.();
  progress.emit('prepare');
  throwIfAborted(signal);
  return { ort, data };
}

/** The sizes that running a graph takes, from its manifest. */
export const shapeOf = ({
  grid,
  codes,
  layers,
  heads,
  headSize,
  parameters,
  cacheType = 'float32',
}: Omit<GraphShape, 'steps' | 'columns' | 'cacheType'> & {
  readonly grid: { readonly rows: number; readonly columns: number };
  readonly cacheType?: GraphShape['cacheType'];
}): GraphShape => ({
  steps: grid.rows * grid.columns,
  columns: grid.columns,
  codes,
  layers,
  heads,
  headSize,
  parameters,
  cacheType,
});

/** The description of the model of a folder with a manifest, where it runs. */
export const infoOf = (
  runtime: Runtime,
  ort: Ort,
  backend: DecodeBackend,
  { manifest, hash }: ModelFiles | JanusFiles,
): DrawableModel['info'] => ({
  executionProvider: runtime.executionProvider,
  runtime: `onnxruntime-web ${ort.env.versions.web ?? ''}`.trim(),
  threads: runtime.threads,
  adapter: backend.adapter,
  modelName: manifest.name,
  modelHash: hash,
  weightType: manifest.weightType,
  grid: manifest.grid,
  codes: manifest.codes,
  defaults: { seed: 0, greedy: false, ...manifest.defaults },
});
