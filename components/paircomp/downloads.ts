import { Zip, ZipPassThrough } from 'fflate';
import { encodePng } from '@/lib/export';
import { type Draw, pictureName } from '@/lib/paircomp';
import type { PaircompController } from '@/lib/state/paircomp';

export const saveAs = (blob: Blob, name: string): void => {
  const url = URL.createObjectURL(blob);
  const anchor = document.createElement('a');
  anchor.href = url;
  anchor.download = name;
  anchor.click();
  // The browser has taken hold of the file by the next task.
  setTimeout(() => URL.revokeObjectURL(url), 1000);
};

/** The pictures of these draws under the authors' names. PNG files are compressed already, so they are only packed. */
export const picturesZip = async (
  draws: readonly Draw[],
  { pictures }: Pick<PaircompController, 'pictures'>,
  signal: AbortSignal,
  onProgress: (draws: number) => void,
): Promise<Blob> => {
  const parts: Uint8Array<ArrayBuffer>[] = [];
  const failures: Error[] = [];
  const zip = new Zip((error, part) => {
    if (error) failures.push(error);
    else parts.push(new Uint8Array(part));
  });
  for (const [done, { pair, image }] of draws.entries()) {
    const both = await pictures(pair, image);
    signal.throwIfAborted();
    if (both === null) continue;
    for (const [prompt, picture] of [both.a, both.b].entries()) {
      const file = new ZipPassThrough(pictureName({ pair, prompt, image }));
      // The same pictures give the same file.
      file.mtime = '1980-01-01T00:00:00';
      zip.add(file);
      file.push(encodePng(picture), true);
    }
    onProgress(done + 1);
  }
  zip.end();
  const [failure] = failures;
  if (failure !== undefined) throw failure;
  return new Blob(parts, { type: 'application/zip' });
};
