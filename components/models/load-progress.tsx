import clsx from 'clsx';
import type { LoadProgress as Progress } from '@/lib/engine';
import { formatBytes, formatWait } from './format';

const words: Readonly<Record<Progress['phase'], string>> = {
  runtime: 'Fetching the runtime',
  download: 'Fetching the model',
  verify: 'Checking the files',
  prepare: 'Preparing',
};

interface LoadProps {
  readonly progress: Progress | null;
  readonly secondsLeft: number | null;
}

const phaseOf = (progress: Progress | null): string => {
  if (progress === null) return 'Starting';
  return progress.fromStorage && progress.phase === 'download'
    ? 'Reading from this browser’s storage'
    : words[progress.phase];
};

const shareOf = (progress: Progress | null): number | null =>
  progress === null || progress.totalBytes === 0 ? null : Math.min(progress.loadedBytes / progress.totalBytes, 1);

function Figures({ progress, secondsLeft }: LoadProps) {
  if (progress === null) return null;
  return (
    <span className="num text-mut">
      {formatBytes(progress.loadedBytes)} / {formatBytes(progress.totalBytes)}
      {secondsLeft !== null && ` · ${formatWait(secondsLeft)} left`}
    </span>
  );
}

function Bar({ progress, className }: Pick<LoadProps, 'progress'> & { readonly className?: string }) {
  const share = shareOf(progress);
  return (
    <span
      role="progressbar"
      aria-label="Loading"
      aria-valuemin={0}
      aria-valuemax={100}
      {...(share === null ? {} : { 'aria-valuenow': Math.round(share * 100) })}
      className={clsx('block h-1.5 overflow-hidden rounded-full bg-line', className)}
    >
      <span
        className="block h-full origin-left rounded-full bg-ink transition-transform duration-200"
        style={{ transform: `scaleX(${share ?? 0})` }}
      />
    </span>
  );
}

/** How far a load is, in bytes, and how long it will take. */
export function LoadProgress(props: LoadProps) {
  return (
    <div className="grid gap-1.5">
      <div className="flex justify-between gap-3">
        <span>{phaseOf(props.progress)}…</span>
        <Figures {...props} />
      </div>
      <Bar progress={props.progress} />
    </div>
  );
}

/** The same in one line. */
export function LoadingLine(props: LoadProps) {
  return (
    <span className="flex items-center gap-2.5 whitespace-nowrap">
      <span>{phaseOf(props.progress)}…</span>
      <Bar progress={props.progress} className="w-24 max-sm:w-14" />
      <Figures {...props} />
    </span>
  );
}
