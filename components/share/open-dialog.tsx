'use client';
import { useState } from 'react';
import { Button } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import { PromptText } from '@/components/ui/prompt-text';
import type { ComparisonError, Shared } from '@/lib/comparison';
import type { Source } from '@/lib/state/bench';
import { type AllShared, readAllShared, readSharedFile, SHARED_FILE_TYPES } from '@/lib/state/sharing';
import { useShow } from './use-show';

/** Several comparisons that one text or file held, to choose from. */
export interface Offer {
  readonly choices: readonly Shared[];
  readonly source: Source;
}

export interface OpenDialogProps {
  readonly open: boolean;
  readonly onOpenChange: (open: boolean) => void;
  readonly offer: Offer | null;
  readonly onOffer: (offer: Offer | null) => void;
}

/** Opens what a text or a file holds; errors stay in the dialog, where they can be corrected. */
export function OpenDialog({ open, onOpenChange, offer, onOffer }: OpenDialogProps) {
  const show = useShow();
  const [text, setText] = useState('');
  const [error, setError] = useState<ComparisonError | null>(null);

  const choose = (shared: Shared, source: Source): void => {
    setText('');
    onOffer(null);
    onOpenChange(false);
    show(shared, source);
  };
  const take = (result: AllShared, source: Source): void => {
    setError(result.ok ? null : result.error);
    if (!result.ok) return onOffer(null);
    const [first, ...others] = result.value;
    if (others.length === 0) choose(first, source);
    else onOffer({ choices: result.value, source });
  };

  return (
    <Dialog
      open={open}
      onOpenChange={(next) => {
        setError(null);
        onOffer(null);
        onOpenChange(next);
      }}
      title="Open a comparison"
      description="A link, a message with links, or a comparison.json. Nothing is sent anywhere."
    >
      <form
        className="grid gap-3"
        onSubmit={(event) => {
          event.preventDefault();
          take(readAllShared(text), { kind: 'link' });
        }}
      >
        <label className="grid gap-1">
          <span className="font-medium">Link</span>
          <textarea
            value={text}
            rows={4}
            spellCheck={false}
            placeholder="https://…#c=…"
            aria-invalid={error !== null}
            aria-describedby={error === null ? undefined : 'open-error'}
            onChange={(event) => {
              setText(event.target.value);
              setError(null);
              onOffer(null);
            }}
            onKeyDown={(event) => {
              if (event.key === 'Enter' && !event.shiftKey) {
                event.preventDefault();
                event.currentTarget.form?.requestSubmit();
              }
            }}
            className="num w-full resize-y rounded-lg border border-edge bg-bg px-2.5 py-2 text-[13px] break-all placeholder:text-mut"
          />
        </label>
        {error !== null && (
          <p id="open-error" role="alert" className="text-bad">
            {error.message} {error.hint}
          </p>
        )}
        {offer !== null && <Choices offer={offer} onChoose={choose} />}
        <div className="flex flex-wrap items-center justify-between gap-2">
          <label className="inline-flex cursor-pointer items-center gap-2 rounded-lg focus-within:outline-2 focus-within:outline-offset-2 focus-within:outline-ink">
            <span className="inline-flex h-7 items-center rounded-lg border border-line px-2.5 hover:bg-soft pointer-coarse:h-9">
              Choose a file…
            </span>
            <span className="text-mut">or drop one anywhere on the page</span>
            <input
              type="file"
              accept={SHARED_FILE_TYPES}
              className="sr-only"
              onChange={(event) => {
                const input = event.target;
                const file = input.files?.[0];
                if (file === undefined) return;
                void readSharedFile(file).then((result) => {
                  take(result, { kind: 'file', name: file.name });
                  // So that choosing the same file again is a change.
                  input.value = '';
                });
              }}
            />
          </label>
          <Button tone="primary" type="submit" disabled={text.trim() === ''}>
            Open
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

function Choices({
  offer,
  onChoose,
}: {
  readonly offer: Offer;
  readonly onChoose: (shared: Shared, source: Source) => void;
}) {
  return (
    <section role="status" className="grid gap-1.5">
      <h3 className="font-medium">{offer.choices.length} comparisons are in there. Which one?</h3>
      <ul className="grid gap-1">
        {offer.choices.map((shared, place) => (
          <li key={place}>
            <button
              type="button"
              onClick={() => onChoose(shared, offer.source)}
              className="grid w-full gap-0.5 rounded-lg border border-line px-2.5 py-1.5 text-left hover:bg-soft"
            >
              <ChoiceWords shared={shared} />
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}

function ChoiceWords({ shared }: { readonly shared: Shared }) {
  const { prompts, model } = shared.kind === 'comparison' ? shared.comparison : shared.sheet.rows[0];
  const other = shared.kind === 'sheet' ? shared.sheet.rows[1].model.name : null;
  return (
    <>
      <PromptText className="truncate text-a">{prompts.a}</PromptText>
      <PromptText className="truncate text-b">{prompts.b}</PromptText>
      <span className="text-[13px] text-mut">
        {model.name}
        {other !== null && ` against ${other}`}
      </span>
    </>
  );
}
