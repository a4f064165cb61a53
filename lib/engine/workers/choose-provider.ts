import { describe, type ErrorCode, type ExecutionProvider, throwIfAborted } from '@/lib/domain';
import { BrowserFileStore, type ModelLocation, openByManifest, openHubFolder, sourceOf } from '@/lib/models';
import { type CapabilityReport, probeCapabilities } from '../fit/capabilities';
import type { EngineNotice } from './notice';

export type Preference = 'auto' | ExecutionProvider;

/** What this browser can do for the model at a location. */
export type Probe = (model: ModelLocation, signal: AbortSignal | undefined) => Promise<CapabilityReport>;

/** These mean that the GPU will not do, not that the request is wrong. */
export const GPU_FAILURES: ReadonlySet<ErrorCode> = new Set([
  'no-webgpu',
  'no-adapter',
  'no-shader-f16',
  'limits-too-small',
  'out-of-memory',
  'failed',
  'device-lost',
  'worker-crashed',
]);

const probeModel: Probe = async (model, signal) => {
  const source = sourceOf(model);
  // Which of a hub folder's files run depends on the device, so the worker looks at them.
  if (await openHubFolder(source, signal)) return probeCapabilities();
  const { files } = await openByManifest(source, { signal, store: new BrowserFileStore() });
  return probeCapabilities(files.manifest);
};

/** The GPU where it can run the model and nothing else is preferred; where it cannot, `onNotice` hears why. */
export async function chooseProvider(
  model: ModelLocation,
  signal: AbortSignal,
  {
    prefer = 'auto',
    probe = probeModel,
    onNotice,
  }: {
    readonly prefer?: Preference | undefined;
    readonly probe?: Probe | undefined;
    readonly onNotice?: ((notice: EngineNotice) => void) | undefined;
  },
): Promise<ExecutionProvider> {
  if (prefer === 'wasm') return 'wasm';
  const report = await probe(model, signal);
  throwIfAborted(signal);
  if (report.webgpu) return 'webgpu';
  const problem = report.problems.find(({ code }) => GPU_FAILURES.has(code)) ?? {
    code: 'no-webgpu' as const,
    ...describe('no-webgpu'),
  };
  onNotice?.({ kind: 'fallback', ...problem });
  return 'wasm';
}
