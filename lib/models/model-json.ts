import { ModelError } from '@/lib/domain';
import * as z from '@/lib/schema';
import { assertNoPointer } from './lfs-pointer';

/** JSON of one of a model's files; throws `model-damaged` with the file's name and the first thing that is wrong, or `model-pointer`. */
export function parseModelJson<S extends z.ZodMiniType>(
  source: string | Uint8Array,
  file: string,
  schema: S,
): z.output<S> {
  if (typeof source !== 'string') assertNoPointer(source, file);
  const parsed = z.parseJson(source, schema);
  if (!parsed.ok) throw new ModelError('model-damaged', { file, detail: parsed.error.reason });
  return parsed.value;
}
