import { ModelError } from '@/lib/domain';
import type { GraphOutline } from '@/lib/onnx';

/** The last versions that the installed ONNX Runtime reads; a test asks it. Domains that are not here have nothing but a first version. */
export const LAST_VERSIONS = { irVersion: 13, opsets: { '': 26, 'com.microsoft': 1, 'ai.onnx.ml': 5 } } as const;

/** Throws `model-too-new` for a graph that the runtime would refuse for its age, before it is given to it. */
export function assertReadable({ irVersion, opsets }: Pick<GraphOutline, 'irVersion' | 'opsets'>, file: string): void {
  const tooNew = (detail: string) => new ModelError('model-too-new', { file, detail });
  for (const [domain, last] of Object.entries(LAST_VERSIONS.opsets)) {
    const version = opsets.get(domain) ?? 0;
    if (version > last)
      throw tooNew(`opset ${version}${domain === '' ? '' : ` of ${domain}`}, where ${last} is the last known one`);
  }
  if (irVersion > LAST_VERSIONS.irVersion)
    throw tooNew(`version ${irVersion} of the file format, where ${LAST_VERSIONS.irVersion} is the last known one`);
}
