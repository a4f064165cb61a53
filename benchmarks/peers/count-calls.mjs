/**
 * Counts what goes to the GPU, by patching the API before any other script of a worker runs; a worker's first import. Asked over a channel, since the
 * worker's own messages belong to whatever runs in it.
 */
const counts = {
  dispatches: 0,
  passes: 0,
  submits: 0,
  copies: 0,
  writes: 0,
  maps: 0,
  stalls: 0,
  bufferBytes: 0,
  peakBufferBytes: 0,
};
/** The counts at every request to read. What was to be read has been submitted then, so between two of them lies what was done for the second. */
const atReads = [];

function around(type, method, before) {
  const plain = globalThis[type]?.prototype[method];
  if (!plain) return;
  globalThis[type].prototype[method] = function (...args) {
    const after = before.call(this, ...args);
    const result = plain.apply(this, args);
    after?.(result);
    return result;
  };
}
const tally = (name) => () => void (counts[name] += 1);

around('GPUComputePassEncoder', 'dispatchWorkgroups', tally('dispatches'));
around('GPUComputePassEncoder', 'dispatchWorkgroupsIndirect', tally('dispatches'));
around('GPUCommandEncoder', 'beginComputePass', tally('passes'));
around('GPUCommandEncoder', 'copyBufferToBuffer', tally('copies'));
around('GPUQueue', 'submit', tally('submits'));
around('GPUQueue', 'writeBuffer', tally('writes'));
// A stall: nothing was submitted between the request to read and its answer, so the GPU ran out of work.
around('GPUBuffer', 'mapAsync', () => {
  counts.maps += 1;
  atReads.push({ ...counts });
  const { submits } = counts;
  return (ready) => {
    ready.then(
      () => {
        if (counts.submits === submits) counts.stalls += 1;
      },
      () => undefined,
    );
  };
});
const alive = new WeakSet();
around('GPUDevice', 'createBuffer', ({ size }) => (buffer) => {
  alive.add(buffer);
  counts.bufferBytes += size;
  counts.peakBufferBytes = Math.max(counts.peakBufferBytes, counts.bufferBytes);
});
around('GPUBuffer', 'destroy', function () {
  if (alive.delete(this)) counts.bufferBytes -= this.size;
});

globalThis.gpuCalls = () => ({ ...counts });

const channel = new BroadcastChannel('gpu-calls');
channel.onmessage = ({ data }) => {
  if (data === 'read') channel.postMessage({ counts: gpuCalls(), atReads });
};
