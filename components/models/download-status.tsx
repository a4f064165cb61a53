import { Button } from '@/components/ui/button';
import type { DownloadProgress, FileProgress } from '@/lib/downloads';
import { formatBytes, formatWait } from './format';

const words: Readonly<Record<FileProgress['phase'], string>> = {
  queued: 'queued',
  checking: 'checking what is here',
  elsewhere: 'another tab is downloading it',
  downloading: '',
  waiting: 'interrupted; trying again',
  done: 'checked',
};

/** All files of a download as one: bytes, rate, time left; and each file in a line. */
export function DownloadStatus({
  progress,
  onCancel,
}: {
  readonly progress: DownloadProgress | null;
  readonly onCancel: () => void;
}) {
  const share = progress === null || progress.totalBytes === 0 ? 0 : progress.receivedBytes / progress.totalBytes;
  return (
    <section aria-label="Download" className="grid gap-2 rounded-lg border border-line px-3 py-2.5">
      <div className="flex flex-wrap items-baseline justify-between gap-x-3">
        <span className="font-medium">Downloading…</span>
        {progress !== null && (
          <span className="num text-mut">
            {formatBytes(progress.receivedBytes)} / {formatBytes(progress.totalBytes)}
            {progress.bytesPerSecond !== null && ` · ${formatBytes(progress.bytesPerSecond)}/s`}
            {progress.secondsLeft !== null && ` · ${formatWait(progress.secondsLeft)} left`}
          </span>
        )}
      </div>
      <span
        role="progressbar"
        aria-label="Downloading the model"
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={Math.round(share * 100)}
        className="block h-1.5 overflow-hidden rounded-full bg-line"
      >
        <span
          className="block h-full origin-left rounded-full bg-ink transition-transform duration-200"
          style={{ transform: `scaleX(${share})` }}
        />
      </span>
      {progress !== null && (
        // Focusable, so that the keyboard can scroll it.
        <ul tabIndex={0} aria-label="Files" className="grid max-h-40 gap-0.5 overflow-y-auto text-[13px]">
          {progress.files.map(({ path, bytes, receivedBytes, phase }) => (
            <li key={path} className="flex justify-between gap-3">
              <span className="num min-w-0 truncate" title={path}>
                {path}
              </span>
              <span className="num shrink-0 text-mut">
                {words[phase] || `${formatBytes(receivedBytes)} / ${formatBytes(bytes)}`}
              </span>
            </li>
          ))}
        </ul>
      )}
      {progress?.lasting === false && (
        <p className="text-warn">
          This browser would not store all of it; the rest stays in memory and is downloaded again on the next visit.
        </p>
      )}
      <div className="flex items-center justify-between gap-3">
        <span className="text-mut">What has arrived is kept if you stop.</span>
        <Button onClick={onCancel}>Stop the download</Button>
      </div>
    </section>
  );
}
