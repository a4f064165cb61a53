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
import { type Frame, isStale, type SessionState } from '@/lib/state/bench';
import { useIsArchived, useIsListed, useRoleTitle } from '@/lib/state/models';
import { RerunReport } from './rerun-report';
import { settingsWords } from './settings-words';

const marks = { recorded: 'recorded', live: 'drawn here', opened: 'the author’s result' } as const;

/** What the pictures and numbers below are, how they came about, and whether they belong to what is typed above. */
export function FrameBar() {
  const frame = useBench((state) => state.frame);
  const stale = useStale(frame);
  const controller = useController();
  const source = useSession((state) => state.source);
  const rerunning = useSession((state) => state.rerun !== null);
  const status = useBench((state) => state.status);
  const pictures = useSession((state) => state.pictures);
  const folder = frame === null ? undefined : modelFolder(frame);
  const isArchived = useIsArchived(folder);
  const role = useRoleTitle(folder);
  const isListed = useIsListed(folder);
  const library = useLibrary();
  const loading = status === 'loading' && <ModelLoading />;
  if (frame === null) return <div className="flex min-h-7 items-center text-[12.5px] short:min-h-6">{loading}</div>;
  const { provenance, model } = frame;
  // A link's word for its model is only believed where that model is here.
  const isUnknown = frame.origin === 'opened' && isListed === false && library.locate(modelFolder(frame)) === null;
  const canGoOn = status === 'stopped' || status === 'failed';
  return (
    <div
      className={clsx(
        'flex min-h-7 flex-wrap items-center gap-x-3 gap-y-1 text-[12.5px] short:min-h-6',
        !isArchived && 'sm:flex-nowrap',
      )}
    >
      <Mark strong={stale}>{stale ? 'belongs to the previous prompts or settings' : marks[frame.origin]}</Mark>
      <span className="min-w-0 text-mut max-sm:order-last max-sm:basis-full max-sm:text-[12px] sm:truncate">
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
      </span>
      <span className="flex-1" />
      {loading}
      {pictures.phase === 'loading' && status !== 'loading' && (
        <LoadingLine progress={pictures.progress} secondsLeft={null} />
      )}
      {stale && status !== 'loading' && (
        <Button onClick={controller.run} className="h-6!">
          Run the new pair
        </Button>
      )}
      {canGoOn && !stale && (
        <Button onClick={controller.resume} className="h-6!">
          Go on drawing
        </Button>
      )}
      {isArchived && !stale && status !== 'loading' && (
        <Button
          onClick={controller.drawFreely}
          className="h-6!"
          title="Draws the same prompts and settings with the model of today"
        >
          Draw again
        </Button>
      )}
      {frame.origin === 'opened' && !isArchived && !rerunning && !stale && (
        <Button
          onClick={controller.rerun}
          className="h-6!"
          title="Replays these tokens through the model on this machine"
        >
          Rerun here
        </Button>
      )}
      <RerunReport frameKey={frame.key} />
      <VersusButton className="h-6!" />
      {isArchived && (
        <p className="order-last basis-full text-mut">
          An earlier model drew this; only what shows its pictures is kept, so its tokens cannot be replayed here, and
          the model of today draws the same prompts differently.
        </p>
      )}
    </div>
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
        'inline-flex h-5 items-center gap-1.5 rounded-md border px-1.5 whitespace-nowrap',
        strong ? 'border-warn font-medium text-warn' : 'border-line bg-panel text-mut',
      )}
    >
      {children}
    </span>
  );
}
