import { EngineError } from '@/lib/domain';

const LIMITS = [
  'maxBufferSize',
  'maxStorageBufferBindingSize',
  'maxComputeWorkgroupStorageSize',
  'maxComputeWorkgroupsPerDimension',
  'maxComputeInvocationsPerWorkgroup',
  'maxComputeWorkgroupSizeX',
  'maxComputeWorkgroupSizeY',
  'maxComputeWorkgroupSizeZ',
  'maxStorageBuffersPerShaderStage',
] as const;
const FEATURES = ['shader-f16', 'subgroups'] as const;
/** How long after its first signs the loss of a device may be told. */
const LOSS_IS_TOLD_MS = 200;

/** The GPU device of one worker. ONNX Runtime 1.30 does not survive its loss, so neither does the worker. */
export class WebGpuDevice {
  #device: Promise<GPUDevice> | null = null;
  #lost: EngineError | null = null;
  #reject: (error: EngineError) => void = () => undefined;
  readonly #loss: Promise<never>;
  adapterName = '';

  constructor() {
    this.#loss = new Promise<never>((_resolve, reject) => (this.#reject = reject));
    // The loss matters only to those who wait for something else at the time.
    this.#loss.catch(() => undefined);
  }

  get(): Promise<GPUDevice> {
    this.#device ??= this.#request();
    return this.#device;
  }

  async #request(): Promise<GPUDevice> {
    const gpu = navigator.gpu as GPU | undefined;
    if (!gpu) throw new EngineError('no-webgpu');
    const adapter = await gpu.requestAdapter({ powerPreference: 'high-performance' });
    if (!adapter) throw new EngineError('no-adapter');
    const { vendor, architecture, description } = adapter.info;
    this.adapterName = description || [vendor, architecture].filter(Boolean).join(' ') || 'unnamed adapter';
    const device = await adapter.requestDevice({
      requiredLimits: Object.fromEntries(LIMITS.map((limit) => [limit, adapter.limits[limit]])),
      requiredFeatures: FEATURES.filter((feature) => adapter.features.has(feature)),
    });
    void device.lost.then(({ message }) => {
      this.#lost = new EngineError('device-lost', { detail: message });
      this.#reject(this.#lost);
    });
    return device;
  }

  /** `work`, unless the device is lost before it settles; errors after a loss are the loss. */
  async orLost<T>(work: Promise<T>): Promise<T> {
    try {
      return await Promise.race([work, this.#loss]);
    } catch (error) {
      // Buffers that wait to be mapped are rejected, as if given up, before the loss itself is told.
      await Promise.race([
        this.#loss.catch(() => undefined),
        new Promise((resolve) => setTimeout(resolve, LOSS_IS_TOLD_MS)),
      ]);
      throw this.#lost ?? error;
    }
  }

  destroy(): void {
    void this.#device?.then((device) => {
      device.destroy();
    });
  }
}
