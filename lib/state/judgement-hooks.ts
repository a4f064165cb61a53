'use client';
import { useQuery } from '@tanstack/react-query';
import type { UseQueryResult } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { judgedPair, type JudgedPair } from '@/lib/judge';
import { modelFolder } from '@/lib/models';
import type { Frame } from '@/lib/state/bench';
import { findJudge, locateModel, useCatalogue, useModelFiles } from '@/lib/state/models';
import { onPress } from '@/lib/state/page';
import { useBench, useController, useSession } from './hooks';

const forEver = { staleTime: Infinity, gcTime: Infinity } as const;

export interface BundledJudge {
  readonly folder: string;
  readonly title: string;
}

/** Whether both pictures are drawn to the end, and decoded or not to be had. */
export const useIsFinished = (): boolean => {
  const drawn = useBench(
    ({ frame, drawn, status }) =>
      frame !== null &&
      status !== 'loading' &&
      status !== 'drawing' &&
      status !== 'paused' &&
      drawn === frame.grid.rows * frame.grid.columns,
  );
  const decoded = useBench(({ drawn, imagesFrom }) => imagesFrom >= drawn);
  const noPictures = useSession(({ pictures }) => pictures.phase === 'failed');
  return drawn && (decoded || noPictures);
};

/** The bundled judge of the model that drew what is on screen, looked for once that is finished; null when it has none. */
export const useBundledJudge = (frame: Frame | null): BundledJudge | null => {
  const isFinished = useIsFinished();
  const catalogue = useCatalogue().data;
  const folders = catalogue?.judges ?? [];
  const drawnBy = frame === null ? '' : modelFolder(frame);
  const isBundled =
    catalogue !== undefined && folders.length > 0 && [...catalogue.models, ...catalogue.archived].includes(drawnBy);
  const model = useModelFiles(isBundled ? drawnBy : undefined);
  const centroids = model.data?.manifest.files.centroids.sha256;
  const { data } = useQuery({
    queryKey: ['judge', centroids, folders],
    queryFn: ({ signal }): Promise<BundledJudge | null> => findJudge(centroids ?? '', signal),
    enabled: isBundled && isFinished && centroids !== undefined,
    ...forEver,
  });
  return data ?? null;
};

/** True from the first idle moment after `wanted` became true. */
const useIdle = (wanted: boolean): boolean => {
  const [idle, setIdle] = useState(false);
  useEffect(() => {
    if (!wanted) return;
    const reached = (): void => setIdle(true);
    // Safari has no idle callbacks.
    const handle = typeof requestIdleCallback === 'function' ? requestIdleCallback(reached) : setTimeout(reached, 1000);
    return () => {
      if (typeof cancelIdleCallback === 'function') cancelIdleCallback(handle as number);
      else clearTimeout(handle);
      setIdle(false);
    };
  }, [wanted]);
  return idle && wanted;
};

export interface JudgementOnScreen extends JudgedPair {
  readonly title: string;
  readonly version: string;
}

/**
 * The judgement of the finished pair on screen: asked for when somebody looks (`isOpen`), or at an idle moment after a pair was drawn
 * here; never while something is drawn.
 */
export const useJudgement = (judge: BundledJudge | null, isOpen: boolean): UseQueryResult<JudgementOnScreen> => {
  const controller = useController();
  const frame = useBench((state) => state.frame);
  const isFinished = useIsFinished();
  const isIdle = useIdle(isFinished && judge !== null && frame?.origin === 'live');
  return useQuery({
    // Another comparison on screen has another key; numbers that a rerun fills in change neither key nor tokens.
    queryKey: ['judgement', judge?.folder, frame?.key],
    queryFn: async ({ signal }): Promise<JudgementOnScreen> => {
      if (judge === null || frame === null) throw new Error('Asked to judge without a judge or a pair.');
      const { prompts, tokens } = frame;
      const request = {
        judge: locateModel(judge.folder),
        pictures: [tokens.a, tokens.b],
        captions: [prompts.a, prompts.b],
      };
      const judgement = await controller.judge(modelFolder(frame), request, signal);
      return { ...judgedPair(judgement, prompts), title: judgement.title, version: judgement.version };
    },
    enabled: judge !== null && frame !== null && isFinished && (isOpen || isIdle),
    ...forEver,
    ...onPress,
  });
};
