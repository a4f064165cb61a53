import type { Page, Worker } from '@playwright/test';

/** The worker in which the GPU build of the runtime runs. */
export async function engineWorker(page: Page): Promise<Worker> {
  for (const worker of page.workers()) {
    const isGpu = await worker
      .evaluate(() => performance.getEntriesByType('resource').some(({ name }) => name.includes('asyncify')))
      .catch(() => false);
    if (isGpu) return worker;
  }
  throw new Error('No worker draws on WebGPU.');
}

/** Sends the worker a message as the page would. */
export async function send(page: Page, method: 'loseDevice' | 'crash'): Promise<void> {
  const worker = await engineWorker(page);
  await worker.evaluate((name) => {
    self.dispatchEvent(new MessageEvent('message', { data: { kind: 'call', id: 1_000_000, method: name } }));
  }, method);
}

/** WebGPU calls of one worker since it began. */
export interface GpuCalls {
  readonly dispatches: number;
  readonly submits: number;
  readonly maps: number;
  /** Bytes of buffers that are not destroyed. */
  readonly aliveBytes: number;
  /** By size in bytes: how many buffers there are now, and how many there were at most. */
  readonly buffers: Readonly<Record<string, { readonly alive: number; readonly most: number }>>;
}

/** Counts the WebGPU calls of every worker that begins from now on. */
export function countGpuCalls(page: Page): void {
  page.on('worker', (worker) => {
    void worker
      .evaluate(() => {
        const calls = {
          dispatches: 0,
          submits: 0,
          maps: 0,
          aliveBytes: 0,
          buffers: {} as Record<number, { alive: number; most: number }>,
        };
        Object.assign(self, { gpuCalls: calls });
        const after = <T extends object>(prototype: T, name: keyof T, count: (self: T, result: unknown) => void) => {
          const original = prototype[name] as (...values: unknown[]) => unknown;
          prototype[name] = function (this: T, ...values: unknown[]) {
            const result = original.apply(this, values);
            count(this, result);
            return result;
          } as T[keyof T];
        };
        after(GPUComputePassEncoder.prototype, 'dispatchWorkgroups', () => (calls.dispatches += 1));
        after(GPUComputePassEncoder.prototype, 'dispatchWorkgroupsIndirect', () => (calls.dispatches += 1));
        after(GPUQueue.prototype, 'submit', () => (calls.submits += 1));
        after(GPUBuffer.prototype, 'mapAsync', () => (calls.maps += 1));
        const alive = new WeakSet<GPUBuffer>();
        after(GPUBuffer.prototype, 'destroy', (buffer) => {
          const ofSize = calls.buffers[buffer.size];
          if (!alive.delete(buffer) || !ofSize) return;
          ofSize.alive -= 1;
          calls.aliveBytes -= buffer.size;
        });
        after(GPUDevice.prototype, 'createBuffer', (_device, result) => {
          const buffer = result as GPUBuffer;
          alive.add(buffer);
          const ofSize = (calls.buffers[buffer.size] ??= { alive: 0, most: 0 });
          ofSize.alive += 1;
          ofSize.most = Math.max(ofSize.most, ofSize.alive);
          calls.aliveBytes += buffer.size;
        });
      })
      // Workers without WebGPU, and those that ended at once, have nothing to count.
      .catch(() => undefined);
  });
}

export const gpuCalls = async (page: Page): Promise<GpuCalls> =>
  (await engineWorker(page)).evaluate(() =>
    structuredClone((self as unknown as { readonly gpuCalls: GpuCalls }).gpuCalls),
  );
