import { type Grid, ModelError } from '@/lib/domain';
import { findInputs, type GraphValue } from '@/lib/onnx';
import { type HubConfig, imageTokens } from './hub-config';
import type { FolderFile, HubChoice } from './hub-files';

/** Janus's published picture. */
const PUBLISHED = 576;
const PROCESSOR = 'processor_config.json';

type ReadFile = (path: string) => Promise<Uint8Array>;

/** How many tokens the pixel decoder takes for a picture, int64 [pictures, tokens]; null where its graph leaves that open. */
export const tokensTaken = (inputs: readonly GraphValue[]): number | null => {
  const size = inputs.find(({ type, dims }) => type === 'int64' && dims.length === 2)?.dims[1];
  return typeof size === 'number' && size > 0 ? size : null;
};

/** What `processor_config.json` tells of pictures, read by `read`; null where it is missing or does not. */
const toldTokens = async (texts: readonly string[], read: ReadFile): Promise<number | null> =>
  texts.includes(PROCESSOR) ? imageTokens(await read(PROCESSOR)) : null;

/** The number of a picture's tokens as far as small files tell it, for estimates. */
export const likelyPictureTokens = async ({ texts }: Pick<HubChoice, 'texts'>, read: ReadFile): Promise<number> =>
  (await toldTokens(texts, read)) ?? PUBLISHED;

/**
 * The picture of a folder in the hub's layout, square. The pixel decoder decides, which takes a fixed number of tokens as a rule; `processor_config.json` may be
 * missing, and counts the tokens of pictures that are looked at. Throws `model-mismatch` for a picture that leaves no room for a prompt in the model's positions,
 * `model-missing` where nothing tells the number, and `model-damaged` for numbers that make no square.
 */
export async function pictureGrid(
  { graphs, texts }: Pick<HubChoice, 'graphs' | 'texts'>,
  files: readonly FolderFile[],
  { positions }: HubConfig,
  read: ReadFile,
  readRange: (path: string, from: number, to: number) => Promise<Uint8Array>,
): Promise<Grid> {
  const decoder = graphs.image_decode.path;
  const bytes = files.find(({ path }) => path === decoder)?.bytes ?? 0;
  const taken = tokensTaken(await findInputs(decoder, bytes, (from, to) => readRange(decoder, from, to)));
  const told = taken ?? (await toldTokens(texts, read));
  if (told === null && PUBLISHED >= positions) throw new ModelError('model-missing', { file: PROCESSOR });
  const tokens = told ?? PUBLISHED;
  const file = taken === null ? PROCESSOR : decoder;
  const side = Math.round(Math.sqrt(tokens));
  if (side * side !== tokens)
    throw new ModelError('model-damaged', { file, detail: `${tokens} image tokens make no square` });
  assertRoom(tokens, positions, file);
  return { rows: side, columns: side };
}

/** Throws `model-mismatch` for a picture of so many tokens, as `file` tells it, that leaves fewer than `least` positions for what stands before it. */
export function assertRoom(tokens: number, positions: number, file: string, least = 1): void {
  if (tokens + least <= positions) return;
  const detail = `its pictures of ${tokens} tokens leave no room for a prompt in the model's ${positions} positions`;
  throw new ModelError('model-mismatch', { file, detail });
}
