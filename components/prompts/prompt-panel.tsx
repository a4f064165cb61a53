'use client';
import clsx from 'clsx';
import { ArrowDownUp, Copy } from 'lucide-react';
import { useDeferredValue, useId, useMemo, useRef, useState } from 'react';
import { PromptText } from '@/components/ui/prompt-text';
import type { Pair, Side } from '@/lib/domain';
import type { TextVocabulary } from '@/lib/models';
import { alikeRemark, describeDiff, diffPrompts } from '@/lib/prompts';
import { useBundledFolder, useController, useLibraryState, useSession } from '@/lib/state';
import { useTextVocabulary, useVocabulary } from '@/lib/state/models';
import { EditChip } from './edit-chip';
import { ExamplesPopover } from './examples-popover';
import { Highlighted } from './highlighted';
import { PromptInput } from './prompt-input';
import { PromptRemarks, useNotes, useReadingOf } from './prompt-remarks';
import { RunControls } from './run-controls';
import { SettingsProblems, SettingsRow } from './settings-row';
import { type Entry, insertEntry } from './vocabulary-groups';
import { VocabularyPopover } from './vocabulary-popover';

/** Above this length the words are not compared at every key press, but as soon as there is time. */
const LONG_PROMPT = 2_000;

const useDiff = (vocabulary: TextVocabulary | undefined) => {
  const prompts = useSession((state) => state.prompts);
  const deferred = useDeferredValue(prompts);
  const compared = prompts.a.length + prompts.b.length > LONG_PROMPT ? deferred : prompts;
  const a = useReadingOf(deferred.a, vocabulary);
  const b = useReadingOf(deferred.b, vocabulary);
  const readings = useMemo(() => (a === null || b === null ? null : { a, b }), [a, b]);
  // Until the new prompts are read, only their words are compared.
  const isRead = compared === deferred;
  const diff = useMemo(() => {
    const read = isRead && readings !== null;
    return diffPrompts(
      compared.a,
      compared.b,
      read ? (prompt) => readings[prompt === compared.a ? 'a' : 'b'].ids : undefined,
    );
  }, [compared, readings, isRead]);
  const alike = readings === null ? null : alikeRemark(diff, compared, readings);
  return { prompts, diff, readings, alike, isCurrent: compared === prompts };
};

/** Both prompts with their difference, the settings, and the recorded comparisons. */
export function PromptPanel({ className }: { readonly className?: string | undefined }) {
  const coupling = useSession((state) => state.settings.coupling);
  const greedy = useSession((state) => state.settings.greedy);
  const folder = useBundledFolder();
  const isBundled = useLibraryState((state) => state.chosen === null);
  const text = useTextVocabulary(folder).data;
  const vocabulary = useVocabulary(folder).data;
  const { prompts, diff, readings, alike, isCurrent } = useDiff(text);
  const notes = { a: useNotes('a', vocabulary), b: useNotes('b', vocabulary) };
  const [chosen, setSide] = useState<Side>('a');
  /** Where the cursor last was in each prompt: pressed words go there. */
  const selections = useRef<Pair<{ start: number; end: number }>>({
    a: { start: Infinity, end: Infinity },
    b: { start: Infinity, end: Infinity },
  });
  const controller = useController();
  const id = useId();
  const identical = prompts.a === prompts.b && prompts.a.trim() !== '';

  const insert = (insertion: NonNullable<Entry['insertion']>): void => {
    const { text: next, cursor } = insertEntry(prompts[chosen], selections.current[chosen], insertion);
    selections.current = { ...selections.current, [chosen]: { start: cursor, end: cursor } };
    controller.setPrompt(chosen, next);
    controller.announce(`Prompt ${chosen.toUpperCase()}: ${next}`);
  };

  const prompt = (side: Side) => (
    <>
      <PromptInput
        side={side}
        onSelect={(selection) => {
          selections.current = { ...selections.current, [side]: selection };
          setSide(side);
        }}
        describedBy={`${id}-${side} ${id}-edit`}
        highlighted={isCurrent ? <Highlighted side={side} segments={diff.segments[side]} /> : prompts[side]}
        actions={
          side === 'a' ? (
            <>
              <ExamplesPopover />
              {isBundled && <VocabularyPopover folder={folder} side={chosen} onSide={setSide} onInsert={insert} />}
              <IconButton label="Swap A and B" onPress={controller.swapPrompts}>
                <ArrowDownUp size={14} aria-hidden />
              </IconButton>
              <IconButton label="Copy A to B" isWide onPress={() => controller.copyPrompt('a')}>
                <Copy size={14} aria-hidden />
              </IconButton>
            </>
          ) : (
            <IconButton label="Copy B to A" isWide onPress={() => controller.copyPrompt('b')}>
              <Copy size={14} aria-hidden />
            </IconButton>
          )
        }
      />
      <PromptRemarks side={side} reading={readings?.[side] ?? null} notes={notes[side]} id={`${id}-${side}`} />
    </>
  );

  return (
    <section
      aria-label="Prompts"
      className={clsx(
        'grid rounded-[14px] border border-line bg-panel shadow-lift desk:grid-cols-[minmax(0,1fr)_auto]',
        className,
      )}
    >
      <div className="min-w-0 overflow-hidden rounded-tl-[13px] max-desk:rounded-tr-[13px]">
        {prompt('a')}
        <div className="border-t border-line" />
        {prompt('b')}
      </div>
      <div className="grid min-w-0 border-line max-sm:flex max-sm:flex-row-reverse max-sm:flex-wrap-reverse max-sm:items-center max-sm:justify-between max-desk:border-t desk:grid-rows-2 desk:border-l">
        <div className="flex min-w-0 items-center justify-between gap-3 px-4 py-1.5 max-sm:px-3 short:px-3.5 short:py-1">
          <EditChip diff={diff} className="max-w-[300px] max-sm:hidden!" />
          <span id={`${id}-edit`} className="sr-only">
            <PromptText>{describeDiff(diff)}</PromptText>
          </span>
          <RunControls />
        </div>
        <div className="flex items-center border-line px-4 py-1.5 max-sm:px-3 sm:border-t short:px-3.5 short:py-1">
          <SettingsRow />
        </div>
      </div>
      <div className="col-span-full grid gap-1 border-t border-line px-4 py-1.5 empty:hidden max-sm:px-3 short:py-[3px]">
        {identical && (
          <p className="text-mut">
            {coupling === 'coupled' || greedy
              ? 'Identical prompts with the same noise: both pictures must come out equal, token by token. This is the self-test.'
              : 'Identical prompts with independent noise: the differences are what two seeds of one prompt show, the baseline.'}
          </p>
        )}
        {alike !== null && (
          <p role="status" className="text-warn">
            <PromptText>{alike}</PromptText>
          </p>
        )}
        <SettingsProblems />
      </div>
    </section>
  );
}

function IconButton({
  label,
  isWide = false,
  onPress,
  children,
}: {
  readonly label: string;
  /** A narrow screen has no room for it. */
  readonly isWide?: boolean;
  readonly onPress: () => void;
  readonly children: React.ReactNode;
}) {
  return (
    <button
      type="button"
      aria-label={label}
      title={label}
      onClick={onPress}
      className={clsx(
        'grid size-7 place-items-center rounded-md text-mut transition-colors hover:bg-soft hover:text-ink pointer-coarse:size-9',
        isWide && 'max-sm:hidden',
      )}
    >
      {children}
    </button>
  );
}
