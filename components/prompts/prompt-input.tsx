'use client';
import clsx from 'clsx';
import { useId } from 'react';
import type { ReactNode } from 'react';
import { SideBadge } from '@/components/ui/side-badge';
import type { Side } from '@/lib/domain';
import { useController, useSession } from '@/lib/state';

export interface PromptInputProps {
  readonly side: Side;
  /** The same text with its changed words marked; it lies under the text field and is not read aloud. */
  readonly highlighted: ReactNode;
  readonly describedBy?: string;
  readonly actions: ReactNode;
  /** UTF-16 offsets of the selection, or of the cursor, when it moves. */
  readonly onSelect: (selection: { readonly start: number; readonly end: number }) => void;
}

const shared = 'col-start-1 row-start-1 w-full px-0.5 py-[9px] whitespace-pre-wrap break-words short:py-[6px]';

/**
 * A prompt. The field's own text is transparent above a copy that shows the marks, so it stays an ordinary
 * text field; both share one grid cell, so the field is as tall as its text.
 */
export function PromptInput({ side, highlighted, describedBy, actions, onSelect }: PromptInputProps) {
  const id = useId();
  const text = useSession((state) => state.prompts[side]);
  const controller = useController();
  return (
    <div className="group flex items-start gap-3 px-4 focus-within:bg-[color-mix(in_srgb,var(--soft)_35%,transparent)] max-sm:px-3">
      <label htmlFor={id} className="mt-3 short:mt-2">
        <span className="sr-only">Prompt </span>
        <SideBadge side={side} />
      </label>
      <div className="max-h-[118px] min-w-0 flex-1 overflow-y-auto text-[17px] leading-[26px] tracking-[-0.011em] short:max-h-[87px] short:text-[16px] short:leading-[25px] max-sm:text-[16px]">
        <div className="grid">
          <div aria-hidden dir="auto" className={clsx(shared, 'pointer-events-none text-ink')}>
            {highlighted}
            {'\u200b'}
          </div>
          <textarea
            id={id}
            rows={1}
            dir="auto"
            value={text}
            autoComplete="off"
            autoCapitalize="off"
            spellCheck={false}
            enterKeyHint="go"
            placeholder={side === 'a' ? 'Prompt A' : 'Prompt B: the same with one change'}
            {...(describedBy === undefined ? {} : { 'aria-describedby': describedBy })}
            onChange={(event) => controller.setPrompt(side, event.target.value.replace(/[\r\n]+/g, ' '))}
            onSelect={({ currentTarget: { selectionStart: start, selectionEnd: end } }) => onSelect({ start, end })}
            onKeyDown={(event) => {
              // A prompt is one line; Enter runs, as in a search box.
              if (event.key !== 'Enter' || event.nativeEvent.isComposing) return;
              event.preventDefault();
              controller.run();
            }}
            className={clsx(
              shared,
              'resize-none overflow-hidden bg-transparent text-transparent caret-ink outline-none placeholder:text-mut',
            )}
          />
        </div>
      </div>
      <div className="mt-[7px] flex gap-0.5 short:mt-1">{actions}</div>
    </div>
  );
}
