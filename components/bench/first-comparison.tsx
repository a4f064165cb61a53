'use client';
import { useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { useBenchStore, useController, useSessionStore, useVersus } from '@/lib/state';
import {
  exampleIndexQuery,
  exampleQuery,
  holdsComparison,
  holdsSheet,
  readDraft,
  readShared,
  readUnsaved,
  writeDraft,
  writeUnsaved,
} from '@/lib/state/sharing';

/**
 * What is on screen first: the comparison in the address, what was drawn in this tab before, or else the
 * first recorded one; a sheet in the address lies over it. What was typed in this tab before comes back. Also opens links that are put into the address later.
 */
export function FirstComparison() {
  const controller = useController();
  const session = useSessionStore();
  const bench = useBenchStore();
  const queries = useQueryClient();
  const versus = useVersus();

  useEffect(() => {
    // The frame that the address holds, and whether it is being put on screen just now.
    let fromAddress = session.getState().source?.kind === 'link' ? bench.getState().frame?.key : undefined;
    let opening = false;
    const openAddress = (): boolean => {
      const { hash } = window.location;
      if (!holdsComparison(hash) && !holdsSheet(hash)) return false;
      const result = readShared(hash);
      if (!result.ok) {
        controller.notify({ tone: 'error', text: `${result.error.message} ${result.error.hint}` });
        return false;
      }
      if (result.value.kind === 'sheet') {
        void versus.show(result.value.sheet);
        return false;
      }
      opening = true;
      controller.show(result.value.comparison, { kind: 'link' });
      opening = false;
      fromAddress = bench.getState().frame?.key;
      return true;
    };
    // Before anything is shown, because showing a comparison replaces what is typed.
    const draft = readDraft();
    if (draft !== null && bench.getState().frame === null) session.setState(draft);
    const unsaved = readUnsaved();
    let current = true;
    if (bench.getState().frame !== null || openAddress()) {
      // Something is on screen.
    } else if (unsaved !== null) {
      controller.show(unsaved, { kind: 'drawn' }, { keepTyped: true });
    } else {
      queries
        .fetchQuery(exampleIndexQuery)
        .then(async ([first]) => {
          if (first === undefined) return;
          const { comparison, images } = await queries.fetchQuery(exampleQuery(first));
          // Something else may have been opened or drawn meanwhile.
          if (!current || bench.getState().frame !== null) return;
          controller.show(
            comparison,
            { kind: 'example', id: first.id, title: first.title },
            { images, keepTyped: true },
          );
        })
        // Without recorded comparisons the page starts empty; Run works all the same.
        .catch(() => undefined);
    }
    const unsubscribe = session.subscribe(({ prompts, settings }, previous) => {
      if (prompts !== previous.prompts || settings !== previous.settings) writeDraft({ prompts, settings });
    });
    const keepDrawn = bench.subscribe(({ frame, status }, previous) => {
      if (frame === null || (frame === previous.frame && status === previous.status)) return;
      // The address names what is on screen, or nothing: a reload must not bring an older link back.
      if (!opening && frame.key !== fromAddress && holdsComparison(window.location.hash)) {
        window.history.replaceState(null, '', window.location.pathname + window.location.search);
      }
      if (frame.origin !== 'live') writeUnsaved(null);
      else if (status === 'done' || status === 'stopped') writeUnsaved(controller.shareable());
    });
    const onHashChange = (): void => void openAddress();
    window.addEventListener('hashchange', onHashChange);
    return () => {
      current = false;
      unsubscribe();
      keepDrawn();
      window.removeEventListener('hashchange', onHashChange);
    };
  }, [controller, session, bench, queries, versus]);
  return null;
}
