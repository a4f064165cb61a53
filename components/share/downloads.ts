import { type Comparison, toComparisonJson } from '@/lib/comparison';
import type { DecodedImage, Pair } from '@/lib/domain';
import { differencePicture, encodePng, exportFileName, type ExportPart, traceToCsv } from '@/lib/export';
import type { CodebookVectors } from '@/lib/measures';

export interface Downloadable {
  readonly comparison: Comparison;
  readonly images: Pair<DecodedImage | null>;
  readonly codebook: CodebookVectors | null;
}

const contentOf = (part: ExportPart, { comparison, images, codebook }: Downloadable): BlobPart => {
  switch (part) {
    case 'a':
    case 'b': {
      const image = images[part];
      if (image === null) throw new Error('The picture is not decoded yet.');
      return encodePng(image);
    }
    case 'difference': {
      const { a, b } = images;
      if (a === null || b === null) throw new Error('The pictures are not decoded yet.');
      const { tokens, grid, trace } = comparison;
      return encodePng(
        differencePicture({ images: { a, b }, tokens, grid, divergenceBits: trace.divergenceBits, codebook }),
      );
    }
    case 'comparison':
      return toComparisonJson(comparison);
    case 'trace':
      return traceToCsv(comparison);
  }
};

const types: Readonly<Record<ExportPart, string>> = {
  a: 'image/png',
  b: 'image/png',
  difference: 'image/png',
  comparison: 'application/json',
  trace: 'text/csv',
};

/** Saves one part of the comparison as a file. */
export const download = (part: ExportPart, from: Downloadable): void => {
  const url = URL.createObjectURL(new Blob([contentOf(part, from)], { type: types[part] }));
  const anchor = document.createElement('a');
  anchor.href = url;
  anchor.download = exportFileName(from.comparison, part);
  anchor.click();
  // The browser has taken hold of the file by the next task.
  setTimeout(() => URL.revokeObjectURL(url), 1000);
};
