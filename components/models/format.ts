const megabyte = 1_000_000;

/** Bytes as people read them: `512 kB`, `8.4 MB`, `2.1 GB`. */
export const formatBytes = (bytes: number): string => {
  if (bytes >= 1000 * megabyte) return `${(bytes / (1000 * megabyte)).toFixed(1)} GB`;
  return bytes < megabyte
    ? `${Math.round(bytes / 1000)} kB`
    : `${(bytes / megabyte).toFixed(bytes < 100 * megabyte ? 1 : 0)} MB`;
};

/** A wait as people say it: `a second`, `12 s`, `2 min`. */
export const formatWait = (seconds: number): string => {
  if (seconds < 1.5) return 'a second';
  return seconds < 90 ? `${Math.round(seconds)} s` : `${Math.round(seconds / 60)} min`;
};

export const providerName = (provider: 'webgpu' | 'wasm'): string => (provider === 'webgpu' ? 'WebGPU' : 'CPU');
