'use client';
import clsx from 'clsx';
import type { ReactNode } from 'react';
import { providerName } from '@/components/models/format';
import { LoadingLine } from '@/components/models/load-progress';
import { Button } from '@/components/ui/button';
import { PromptText } from '@/components/ui/prompt-text';
import { VersusButton } from '@/components/versus/versus-button';
import { modelFolder } from '@/lib/models';
import { useBench, useController, useLibrary, useSession } from '@/lib/state';
import { type Frame, isStale, type RunStatus, type SessionState } from '@/lib/state/bench';
import { useIsArchived, useIsListed, useRoleTitle } from '@/lib/state/models';
import { RerunReport } from './rerun-report';
import { settingsWords } from './settings-words';

const marks = { recorded: 'recorded', live: 'drawn here', opened: 'the author’s result' } as const;
const states: Partial<Readonly<Record<RunStatus, string>>> = {
  paused: 'paused',
  stopped: 'stopped',
  failed: 'broken off',
};

/** Whose the pictures and numbers on screen are, and whether they belong to what is typed. */
export function FrameMarks() {
  const frame = useBench((state) => state.frame);
  const status = useBench((state) => state.status);
  const stale = useStale(frame);
  if (frame === null) return null;
  const state = states[status];
  return (
    <>
      {state !== undefined && <Mark strong>{state}</Mark>}
      <Mark strong={stale}>{stale ? 'belongs to the previous prompts or settings' : marks[frame.origin]}</Mark>
    </>
  );
}

/** How the pictures and numbers on screen came about. */
export function FrameOrigin({ className }: { readonly className?: string }) {
  const frame = useBench((state) => state.frame);
  const source = useSession((state) => state.source);
  const folder = frame === null ? undefined : modelFolder(frame);
  const isArchived = useIsArchived(folder);
  const role = useRoleTitle(folder);
  const isListed = useIsListed(folder);
  const library = useLibrary();
  if (frame === null) return null;
  const { provenance, model } = frame;
  // A link's word for its model is only believed where that model is here.
  const isUnknown = frame.origin === 'opened' && isListed === false && library.locate(modelFolder(frame)) === null;
  return (
    <div className={clsx('min-w-0 text-[13px] text-mut', className)}>
      <p>
        {source?.kind === 'file' && (
          <>
            from <bdi>{source.name}</bdi> ·{' '}
          </>
        )}
        {role ?? <PromptText>{model.name}</PromptText>}
        {isUnknown && ` (no model of this name and hash ${model.hash} is here)`} {provenance.weightType} on{' '}
        {providerName(provenance.executionProvider)}
        {provenance.adapter !== null && (
          <>
            {' '}
            · <bdi>{provenance.adapter}</bdi>
          </>
        )}{' '}
        · {provenance.runtime} · {settingsWords(frame.settings)}
      </p>
      {isArchived && (
        <p>
          An earlier model drew this; only what shows its pictures is kept, so its tokens cannot be replayed here, and
          the model of today draws the same prompts differently.
        </p>
      )}
    </div>
  );
}

/** What can be done with the comparison on screen. */
export function FrameActions() {
  const frame = useBench((state) => state.frame);
  const stale = useStale(frame);
  const controller = useController();
  const rerunning = useSession((state) => state.rerun !== null);
  const status = useBench((state) => state.status);
  const pictures = useSession((state) => state.pictures);
  const isArchived = useIsArchived(frame === null ? undefined : modelFolder(frame));
  if (frame === null) return status === 'loading' ? <ModelLoading /> : null;
  const isLoading = status === 'loading';
  const canGoOn = (status === 'stopped' || status === 'failed') && !stale;
  return (
    <span className="flex flex-wrap items-center gap-2 sm:justify-end">
      <FrameMarks />
      {isLoading && <ModelLoading />}
      {pictures.phase === 'loading' && !isLoading && <LoadingLine progress={pictures.progress} secondsLeft={null} />}
      {stale && !isLoading && (
        <Button onClick={controller.run} className="h-8!">
          Run the new pair
        </Button>
      )}
      {canGoOn && (
        <Button onClick={controller.resume} className="h-8!">
          Go on drawing
        </Button>
      )}
      {isArchived && !stale && !isLoading && (
        <Button
          onClick={controller.drawFreely}
          className="h-8!"
          title="Draws the same prompts and settings with the model of today"
        >
          Draw again
        </Button>
      )}
      {frame.origin === 'opened' && !isArchived && !rerunning && !stale && (
        <Button
          onClick={controller.rerun}
          className="h-8!"
          title="Replays these tokens through the model on this machine"
        >
          Rerun here
        </Button>
      )}
      <RerunReport frameKey={frame.key} />
      <VersusButton className="h-8!" />
    </span>
  );
}

function ModelLoading() {
  const { phase, progress, secondsLeft } = useSession((state) => state.model);
  return phase === 'loading' && <LoadingLine progress={progress} secondsLeft={secondsLeft} />;
}

/** Whether the frame was drawn from something else than what is typed. */
export const useStale = (frame: Frame | null): boolean =>
  useSession((state: SessionState) => isStale({ frame }, state));

function Mark({ strong, children }: { readonly strong: boolean; readonly children: ReactNode }) {
  return (
    <span
      className={clsx(
        'inline-flex h-6 items-center rounded-md border px-1.5 whitespace-nowrap',
        strong ? 'border-warn font-medium text-warn' : 'border-line bg-panel text-mut',
      )}
    >
      {children}
    </span>
  );
}
