'use client';
import { Pause, Play, Square } from 'lucide-react';
import { useCommandKey } from '@/components/shell/platform-key';
import { Button } from '@/components/ui/button';
import { useBench, useController, useSession } from '@/lib/state';

/** Run, pause and stop. */
export function RunControls() {
  const status = useBench((state) => state.status);
  const rerunning = useSession(({ rerun }) => rerun !== null && rerun.phase !== 'done');
  const controller = useController();
  const command = useCommandKey();
  const busy = status === 'loading' || status === 'drawing' || status === 'paused' || rerunning;
  return (
    <span className="flex shrink-0 items-center gap-2">
      {(status === 'drawing' || status === 'paused') && (
        <Button
          square
          aria-label={status === 'drawing' ? 'Pause' : 'Go on'}
          title={status === 'drawing' ? 'Pause (P)' : 'Go on (P)'}
          onClick={status === 'drawing' ? controller.pause : controller.resume}
        >
          {status === 'drawing' ? <Pause size={13} aria-hidden /> : <Play size={13} aria-hidden />}
        </Button>
      )}
      <Button onClick={controller.stop} disabled={!busy} className="disabled:hidden" aria-keyshortcuts="Control+. .">
        <Square size={11} aria-hidden className="fill-current" />
        Stop <kbd className="text-[13px] opacity-60 max-sm:hidden">{command}.</kbd>
      </Button>
      <Button tone="primary" onClick={controller.run} aria-keyshortcuts="Control+Enter">
        {status === 'loading' ? 'Loading…' : 'Run pair'}{' '}
        <kbd className="text-[13px] opacity-70 max-sm:hidden">{command}↵</kbd>
      </Button>
    </span>
  );
}
