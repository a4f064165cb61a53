import type { ModelSheet } from '@/lib/comparison';
import type { BenchController, BenchStore, SessionStore } from '@/lib/state/bench';
import { readDraft, writeDraft } from './drafts';
import type { LoadedExample } from './examples';
import { holdsComparison, holdsSheet, readShared } from './open-comparison';
import { readUnsaved, writeUnsaved } from './unsaved';
import { type AddressBar, browserAddressBar } from './view-address';

export interface OpeningParts {
  readonly bench: BenchStore;
  readonly session: SessionStore;
  readonly controller: Pick<BenchController, 'show' | 'notify' | 'shareable'>;
  /** Lays model against model over the bench. */
  readonly showSheet: (sheet: ModelSheet) => void;
  /** The recorded comparison that is shown where there is nothing else; undefined where there is none. */
  readonly firstExample: () => Promise<LoadedExample | undefined>;
  readonly bar?: AddressBar;
}

/**
 * Puts the first comparison on screen: that of the address, or what was drawn in this tab before, or else a recorded one. What was
 * typed in this tab comes back. From then on opens links that are put into the address, and keeps what is typed and drawn. Returns how to stop.
 */
export const openFirst = ({
  bench,
  session,
  controller,
  showSheet,
  firstExample,
  bar = browserAddressBar,
}: OpeningParts): (() => void) => {
  // The frame that the address holds, and whether it is being put on screen just now.
  let fromAddress = session.getState().source?.kind === 'link' ? bench.getState().frame?.key : undefined;
  let isOpening = false;
  let isCurrent = true;
  const fragment = (): string => new URL(bar.read(), 'http://localhost').hash;

  /** Whether the address put a comparison on screen. */
  const openAddress = (): boolean => {
    const hash = fragment();
    if (!holdsComparison(hash) && !holdsSheet(hash)) return false;
    const result = readShared(hash);
    if (!result.ok) {
      controller.notify({ tone: 'error', text: `${result.error.message} ${result.error.hint}` });
      return false;
    }
    if (result.value.kind === 'sheet') {
      showSheet(result.value.sheet);
      return false;
    }
    isOpening = true;
    controller.show(result.value.comparison, { kind: 'link' });
    isOpening = false;
    fromAddress = bench.getState().frame?.key;
    return true;
  };

  const openRecorded = async (): Promise<void> => {
    const loaded = await firstExample();
    // Something else may have been opened or drawn meanwhile.
    if (loaded === undefined || !isCurrent || bench.getState().frame !== null) return;
    const { example, comparison, images } = loaded;
    const source = { kind: 'example', id: example.id, title: example.title } as const;
    controller.show(comparison, source, { images, keepTyped: true });
  };

  // Before anything is shown, because showing a comparison replaces what is typed.
  const draft = readDraft();
  if (draft !== null && bench.getState().frame === null) session.setState(draft);
  const unsaved = readUnsaved();
  if (bench.getState().frame === null && !openAddress()) {
    if (unsaved !== null) controller.show(unsaved, { kind: 'drawn' }, { keepTyped: true });
    // Without recorded comparisons the page starts empty; Run works all the same.
    else void openRecorded().catch(() => undefined);
  }

  const keepTyped = session.subscribe(({ prompts, settings }, previous) => {
    if (prompts !== previous.prompts || settings !== previous.settings) writeDraft({ prompts, settings });
  });
  const keepDrawn = bench.subscribe(({ frame, status }, previous) => {
    if (frame === null || (frame === previous.frame && status === previous.status)) return;
    // The address names what is on screen, or nothing: a reload must not bring an older link back.
    if (!isOpening && frame.key !== fromAddress && holdsComparison(fragment()))
      bar.replace(bar.read().split('#')[0] ?? '');
    if (frame.origin !== 'live') writeUnsaved(null);
    else if (status === 'done' || status === 'stopped') writeUnsaved(controller.shareable());
  });
  const endWatch = bar.watch(openAddress);
  return () => {
    isCurrent = false;
    keepTyped();
    keepDrawn();
    endWatch();
  };
};
