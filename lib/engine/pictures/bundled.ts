import { ModelError } from '@/lib/domain';
import { type FileSource, type FileStore, openByManifest } from '@/lib/models';
import type { ProgressSum } from '../interface/progress';

/** A model's pixel decoder, read from its folder and ready to become a session. */
export interface PictureGraph {
  readonly graph: Uint8Array;
  readonly external: readonly { readonly path: string; readonly data: Uint8Array }[];
  /** For messages. */
  readonly file: string;
  readonly input: string;
  readonly output: string;
  readonly cells: number;
  readonly codes: number;
  /** The picture's size, where the folder tells it. */
  readonly image: { readonly width: number; readonly height: number } | null;
  /** What missing cells of a grid take; null where the model has no code for that. */
  readonly backgroundCode: number | null;
  /** Channels from -1 to 1 instead of 0 to 1. */
  readonly signed: boolean;
}

export interface PictureContext {
  readonly source: FileSource;
  readonly store: FileStore | undefined;
  readonly signal: AbortSignal;
  readonly progress: ProgressSum;
  /** Of the runtime, which is fetched beside the files. */
  readonly runtimeBytes: number;
}

/** Reads the decoder of a folder whose graph holds everything: the embedded model's layout, or a fused Janus's. See docs/model-layout.md. */
export async function readManifestPictures({
  source,
  store,
  signal,
  progress,
  runtimeBytes,
}: PictureContext): Promise<PictureGraph> {
  const { files } = await openByManifest(source, { ...(store && { store }), signal });
  progress.totalBytes = runtimeBytes + files.bytesOf(['decoder']);
  const graph = await files.read('decoder', {
    signal,
    onProgress: (bytes, phase, fromStorage) => {
      progress.update('decoder', bytes, phase, fromStorage);
    },
  });
  const { grid, codes, image, backgroundCode, files: listed } = files.manifest;
  return {
    graph,
    external: [],
    file: listed.decoder.path,
    input: 'tokens',
    output: 'image',
    cells: grid.rows * grid.columns,
    codes,
    image,
    backgroundCode,
    signed: false,
  };
}

/**
 * Grids as the decoder takes them, int64 [grids, cells]. A cell that is not drawn yet (-1, or past the end) takes the background's code; without one, the last
 * code before it, so that the drawn part bleeds into the rest instead of the other way round.
 */
export function padGrids(
  grids: readonly Int32Array[],
  { cells, backgroundCode }: Pick<PictureGraph, 'cells' | 'backgroundCode'>,
): BigInt64Array {
  const tokens = new BigInt64Array(grids.length * cells);
  grids.forEach((grid, index) => {
    let last = 0;
    for (let cell = 0; cell < cells; cell++) {
      const token = grid[cell] ?? -1;
      if (token >= 0) last = token;
      tokens[index * cells + cell] = BigInt(token >= 0 ? token : (backgroundCode ?? last));
    }
  });
  return tokens;
}

/** float32 [3, height, width] -> RGBA. */
export function toRgba(
  planes: Float32Array,
  width: number,
  height: number,
  signed: boolean,
): { width: number; height: number; data: Uint8ClampedArray<ArrayBuffer> } {
  const area = width * height;
  const data = new Uint8ClampedArray(4 * area);
  const [scale, offset] = signed ? [127.5, 127.5] : [255, 0];
  for (let i = 0; i < area; i++) {
    for (let channel = 0; channel < 3; channel++)
      data[4 * i + channel] = (planes[channel * area + i] as number) * scale + offset;
    data[4 * i + 3] = 255;
  }
  return { width, height, data };
}

/** Pixels on a side: ten times those of any Janus. A picture of this size still fits into a page's memory. */
const LARGEST_SIDE = 4096;

/** Throws `model-mismatch` for a size that no picture has, which would take all memory. */
export function assertPictureSize(width: number, height: number, file: string): void {
  const fits = (side: number) => Number.isInteger(side) && side > 0 && side <= LARGEST_SIDE;
  if (fits(width) && fits(height)) return;
  const detail = `its pictures of ${width} × ${height} pixels are none that can be shown (1 to ${LARGEST_SIDE} a side)`;
  throw new ModelError('model-mismatch', { file, detail });
}
