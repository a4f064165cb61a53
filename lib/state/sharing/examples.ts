import { type Comparison, parseComparisonJson } from '@/lib/comparison';
import type { DecodedImage, Pair } from '@/lib/domain';
import * as z from '@/lib/schema';
import { publicPath } from '@/lib/state/page';

/** A recorded comparison in `public/examples`; paths are relative to `public`. */
const exampleSchema = z.object({
  id: z.string(),
  category: z.string(),
  title: z.string(),
  file: z.string().check(z.regex(/^examples\/[\w.-]+$/)),
  a: z.string().check(z.regex(/^examples\/[\w.-]+$/)),
  b: z.string().check(z.regex(/^examples\/[\w.-]+$/)),
});

export type Example = z.infer<typeof exampleSchema>;

const indexSchema = z.object({ examples: z.array(exampleSchema) });

/** Reads `public/examples/index.json`; null where it is none. */
export function parseExampleIndex(text: string): readonly Example[] | null {
  const parsed = z.parseJson(text, indexSchema);
  return parsed.ok ? parsed.value.examples : null;
}

/** The six categories of PairComp, in its order, as they are shown. */
export const categoryNames: Readonly<Record<string, string>> = {
  color: 'Color',
  counting: 'Counting',
  position: 'Position',
  style: 'Style & tone',
  text: 'Text',
  appearance: 'Appearance',
};

const fetchOk = async (path: string): Promise<Response> => {
  const response = await fetch(publicPath(path));
  if (!response.ok) throw new Error(`${path}: ${response.status}`);
  return response;
};

export const fetchExampleIndex = async (): Promise<readonly Example[]> => {
  const examples = parseExampleIndex(await (await fetchOk('examples/index.json')).text());
  if (examples === null) throw new Error('The list of recorded comparisons cannot be read.');
  return examples;
};

const fetchPicture = async (path: string): Promise<DecodedImage> => {
  const bitmap = await createImageBitmap(await (await fetchOk(path)).blob());
  const { width, height } = bitmap;
  const context = new OffscreenCanvas(width, height).getContext('2d');
  if (context === null) throw new Error('This browser has no 2D canvas.');
  context.drawImage(bitmap, 0, 0);
  bitmap.close();
  return { width, height, data: context.getImageData(0, 0, width, height).data };
};

export interface LoadedExample {
  readonly example: Example;
  readonly comparison: Comparison;
  readonly images: Pair<DecodedImage>;
}

/** One recorded comparison with its pictures; no model is needed. */
export const fetchExample = async (example: Example): Promise<LoadedExample> => {
  const [text, a, b] = await Promise.all([
    fetchOk(example.file).then((response) => response.text()),
    fetchPicture(example.a),
    fetchPicture(example.b),
  ]);
  const comparison = parseComparisonJson(text);
  if (!comparison.ok) throw new Error(`${example.file}: ${comparison.error.message}`);
  return { example, comparison: comparison.value, images: { a, b } };
};
