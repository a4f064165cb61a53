import type { LoadProgress as Progress } from '@/lib/engine';
import { formatBytes, formatWait } from './format';

const words: Readonly<Record<Progress['phase'], string>> = {
  runtime: 'Fetching the runtime',
  download: 'Fetching the model',
  verify: 'Checking the files',
  prepare: 'Preparing',
};

/** How far a load is, in bytes, and how long it will take. */
export function LoadProgress({ progress, secondsLeft }: { readonly progress: Progress | null; readonly secondsLeft: number | null }) {
  const share = progress === null || progress.totalBytes === 0 ? null : Math.min(progress.loadedBytes / progress.totalBytes, 1);
  const phase = progress === null ? 'Starting' : progress.fromStorage && progress.phase === 'download' ? 'Reading from this browser’s storage' : words[progress.phase];
  return (
    <div className="grid gap-1.5">
      <div className="flex justify-between gap-3">
        <span>{phase}…</span>
        {progress !== null && (
          <span className="num text-mut">
            {formatBytes(progress.loadedBytes)} / {formatBytes(progress.totalBytes)}
            {secondsLeft !== null && ` · ${formatWait(secondsLeft)} left`}
          </span>
        )}
      </div>
      <div
        role="progressbar"
        aria-label="Loading"
        aria-valuemin={0}
        aria-valuemax={100}
        {...(share === null ? {} : { 'aria-valuenow': Math.round(share * 100) })}
        className="h-1.5 overflow-hidden rounded-full bg-soft"
      >
        <div className="h-full origin-left rounded-full bg-ink transition-transform duration-200" style={{ transform: `scaleX(${share ?? 0})` }} />
      </div>
    </div>
  );
}
