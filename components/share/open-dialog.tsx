'use client';
import { useState } from 'react';
import { Button } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import type { ComparisonError, Shared } from '@/lib/comparison';
import type { Result } from '@/lib/domain';
import type { Source } from '@/lib/state/bench';
import { readShared, readSharedFile } from '@/lib/state/sharing';
import { useShow } from './use-show';

/** Opens what a text or a file holds; errors stay in the dialog, where they can be corrected. */
export function OpenDialog({
  open,
  onOpenChange,
}: {
  readonly open: boolean;
  readonly onOpenChange: (open: boolean) => void;
}) {
  const show = useShow();
  const [text, setText] = useState('');
  const [error, setError] = useState<ComparisonError | null>(null);

  const take = (result: Result<Shared, ComparisonError>, source: Source): void => {
    if (!result.ok) {
      setError(result.error);
      return;
    }
    setError(null);
    setText('');
    onOpenChange(false);
    show(result.value, source);
  };

  return (
    <Dialog
      open={open}
      onOpenChange={(next) => {
        setError(null);
        onOpenChange(next);
      }}
      title="Open a comparison"
      description="A link from anywhere, the part of it after #, or a comparison.json. Nothing is sent anywhere."
    >
      <form
        className="grid gap-3"
        onSubmit={(event) => {
          event.preventDefault();
          take(readShared(text), { kind: 'link' });
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
            }}
            onKeyDown={(event) => {
              if (event.key === 'Enter' && !event.shiftKey) {
                event.preventDefault();
                event.currentTarget.form?.requestSubmit();
              }
            }}
            className="num w-full resize-y rounded-lg border border-edge bg-bg px-2.5 py-2 text-[12px] break-all placeholder:text-mut"
          />
        </label>
        {error !== null && (
          <p id="open-error" role="alert" className="text-bad">
            {error.message} {error.hint}
          </p>
        )}
        <div className="flex flex-wrap items-center justify-between gap-2">
          <label className="inline-flex cursor-pointer items-center gap-2 rounded-lg focus-within:outline-2 focus-within:outline-offset-2 focus-within:outline-ink">
            <span className="inline-flex h-7 items-center rounded-lg border border-line px-2.5 hover:bg-soft pointer-coarse:h-9">
              Choose a file…
            </span>
            <span className="text-mut">or drop one anywhere on the page</span>
            <input
              type="file"
              accept=".json,application/json"
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
