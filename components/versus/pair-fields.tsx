'use client';
import { useId } from 'react';
import { PromptRemarks, useNotes, useReading } from '@/components/prompts/prompt-remarks';
import { SideBadge } from '@/components/ui/side-badge';
import type { Side } from '@/lib/domain';
import { useController, useSession } from '@/lib/state';
import { useTextVocabulary, useVocabulary } from '@/lib/state/models';

/** The two prompts of the bench as plain fields, with what the model of `folder` cannot read of them. */
export function PairFields({ folder, onEnter }: { readonly folder: string; readonly onEnter: () => void }) {
  return (
    <div className="overflow-hidden rounded-lg border border-edge bg-bg">
      <Prompt side="a" folder={folder} onEnter={onEnter} />
      <hr className="border-line" />
      <Prompt side="b" folder={folder} onEnter={onEnter} />
    </div>
  );
}

function Prompt({
  side,
  folder,
  onEnter,
}: {
  readonly side: Side;
  readonly folder: string;
  readonly onEnter: () => void;
}) {
  const id = useId();
  const text = useSession((state) => state.prompts[side]);
  const controller = useController();
  const reading = useReading(side, useTextVocabulary(folder).data);
  const notes = useNotes(side, useVocabulary(folder).data);
  return (
    <div>
      <label className="flex items-center gap-3 px-3">
        <span className="sr-only">Prompt of side </span>
        <SideBadge side={side} />
        <input
          value={text}
          dir="auto"
          autoComplete="off"
          autoCapitalize="off"
          spellCheck={false}
          aria-describedby={id}
          onChange={(event) => controller.setPrompt(side, event.target.value)}
          onKeyDown={(event) => {
            if (event.key !== 'Enter' || event.nativeEvent.isComposing) return;
            event.preventDefault();
            onEnter();
          }}
          className="h-9 min-w-0 flex-1 bg-transparent text-[15px] -outline-offset-2 pointer-coarse:h-10 max-sm:text-[16px]"
        />
      </label>
      <PromptRemarks side={side} reading={reading} notes={notes} id={id} />
    </div>
  );
}
