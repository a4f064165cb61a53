import type { ModelSheet } from '@/lib/comparison';
import { type BenchController, type BenchStore, type Frame, frameOf, type SessionStore } from '@/lib/state/bench';
import { readDraft, writeDraft } from './drafts';
import type { Example, LoadedExample } from './examples';
import { holdsComparison, holdsSheet, readShared } from './open-comparison';
import { readUnsaved, writeUnsaved } from './unsaved';
import { type AddressBar, browserAddressBar } from './view-address';

export interface OpeningParts {
  /** What the page was served with; null where it was served with nothing. */
  readonly first: Frame | null;
  readonly bench: BenchStore;
  readonly session: SessionStore;
  readonly controller: Pick<BenchController, 'show' | 'shareable'>;
  /** Lays model against model over the bench. */
  readonly showSheet: (sheet: ModelSheet) => void;
  /** Recorded comparisons; the first is shown where there is nothing else. */
  readonly examples: {
    readonly list: () => Promise<readonly Example[]>;
    readonly load: (example: Example) => Promise<LoadedExample>;
  };
  readonly bar?: AddressBar;
}

/**
 * Puts the first comparison on screen: that of the address, or what was drawn in this tab before, or else a recorded one. What was
 * typed in this tab comes back. From then on opens links that are put into the address, and keeps what is typed and drawn. Returns how to stop.
 */
export const openFirst = ({
  first,
  bench,
  session,
  controller,
  showSheet,
  examples,
  bar = browserAddressBar,
}: OpeningParts): (() => void) => {
  // The frame that the address holds, and whether it is being put on screen just now.
  let fromAddress = session.getState().source?.kind === 'link' ? bench.getState().frame?.key : undefined;
  let isOpening = false;
  let isServing = false;
  let isCurrent = true;
  const fragment = (): string => new URL(bar.read(), 'http://localhost').hash;

  /** Whether the address put a comparison on screen. */
  const openAddress = (): boolean => {
    const hash = fragment();
    const result = holdsComparison(hash) || holdsSheet(hash) ? readShared(hash) : null;
    isOpening = true;
    session.setState({
      unreadable:
        result === null || result.ok
          ? null
          : { message: result.error.message, hint: result.error.hint, address: bar.read() },
    });
    isOpening = false;
    if (result === null || !result.ok) return false;
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

  /** The address names what is on screen, or nothing: a reload must not bring an older link back. */
  const cleanAddress = (): void => {
    if (bench.getState().frame?.key !== fromAddress && holdsComparison(fragment()))
      bar.replace(bar.read().split('#')[0] ?? '');
  };

  /** Nothing is on screen but what the page was served with. */
  const isUntouched = (): boolean => {
    const { frame } = bench.getState();
    return frame === null || frame === first;
  };

  /** The recorded comparison with all its numbers and pictures, in the place of what the page was served with; then the others, to be at hand. */
  const openRecorded = async (): Promise<void> => {
    const [one, ...others] = await examples.list();
    if (one === undefined) return;
    const { comparison, images } = await examples.load(one);
    // Something else may have been opened or drawn meanwhile.
    if (!isCurrent || !isUntouched()) return;
    isServing = true;
    if (first === null)
      controller.show(comparison, { kind: 'example', id: one.id, title: one.title }, { images, keepTyped: true });
    else bench.setState(({ drawn }) => ({ frame: frameOf(comparison, 'recorded'), images, imagesFrom: drawn }));
    isServing = false;
    for (const other of others) await examples.load(other);
  };

  // Before anything is shown, because showing a comparison replaces what is typed.
  const draft = readDraft();
  if (draft !== null && isUntouched()) session.setState(draft);
  const unsaved = readUnsaved();
  if (isUntouched() && !openAddress()) {
    if (unsaved !== null) controller.show(unsaved, { kind: 'drawn' }, { keepTyped: true });
    // Without recorded comparisons the page shows what it was served with; Run works all the same.
    else void openRecorded().catch(() => undefined);
  }
  delete document.documentElement.dataset.opening;

  const keepTyped = session.subscribe(({ prompts, settings, unreadable }, previous) => {
    if (unreadable === null && previous.unreadable !== null && !isOpening) cleanAddress();
    if (prompts !== previous.prompts || settings !== previous.settings) writeDraft({ prompts, settings });
  });
  const keepDrawn = bench.subscribe(({ frame, status }, previous) => {
    if (frame === null || (frame === previous.frame && status === previous.status)) return;
    // Whatever was opened or drawn since then takes the place of what could not be read.
    if (frame !== previous.frame && !isServing) session.setState({ unreadable: null });
    if (!isOpening && session.getState().unreadable === null) cleanAddress();
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
