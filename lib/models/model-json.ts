import { ModelError } from '@/lib/domain';
import * as z from '@/lib/schema';

/** JSON of one of a model's files; throws `model-damaged` with the file's name and the first thing that is wrong. */
export function parseModelJson<S extends z.ZodType>(source: string | Uint8Array, file: string, schema: S): z.output<S> {
  const parsed = z.parseJson(source, schema);
  if (!parsed.ok) throw new ModelError('model-damaged', { file, detail: parsed.error.reason });
  return parsed.value;
}
