'use client';
import { Check, Copy, Download } from 'lucide-react';
import { useState } from 'react';
import { Button } from '@/components/ui/button';
import { useController, useVersus, useVersusState } from '@/lib/state';
import { useBundledCodebook, useNameAmongModels } from '@/lib/state/models';
import { problemOf } from '@/lib/state/page';
import { shareSheetLink } from '@/lib/state/sharing';
import type { VersusRow } from '@/lib/state/versus';
import { saveSheetPicture } from './sheet-figure';

/** The finished sheet as a link, which holds both comparisons, and as a picture. */
export function SheetShare() {
  const sheet = useVersusState((state) => state.sheet);
  if (sheet === null || sheet.rows.some(({ images }) => images === null)) return null;
  return <Share rows={sheet.rows} />;
}

function Share({ rows }: { readonly rows: readonly [VersusRow, VersusRow] }) {
  const versus = useVersus();
  const controller = useController();
  const names = [useNameAmongModels(rows[0].folder), useNameAmongModels(rows[1].folder)] as const;
  const codebook = useBundledCodebook(rows[0].folder);
  const [copied, setCopied] = useState<VersusRow | null>(null);
  const sheet = versus.shareable();
  if (sheet === null) return null;
  const link = shareSheetLink(sheet, new URL(window.location.href));
  const isCopied = copied === rows[1];
  const copy = async (url: string): Promise<void> => {
    try {
      await navigator.clipboard.writeText(url);
      setCopied(rows[1]);
      controller.announce('Link copied.');
    } catch {
      controller.notify({
        tone: 'warning',
        text: 'This browser does not let the page copy; select the link and copy it with the keyboard.',
      });
    }
  };
  const save = (): void => {
    try {
      saveSheetPicture({ sheet, names, rows, codebook: codebook?.vectors ?? null });
    } catch (error) {
      controller.notify({ tone: 'error', text: problemOf(error) });
    }
  };
  return (
    <section aria-label="Share the sheet" className="grid gap-2 border-t border-line pt-4">
      {link.ok ? (
        <>
          <label className="grid gap-1.5">
            <span className="flex items-baseline justify-between gap-3">
              <span className="font-semibold">Link to this sheet</span>
              <span className="num text-[13px] text-mut">{link.value.url.length.toLocaleString('en')} characters</span>
            </span>
            <input
              readOnly
              value={link.value.url}
              onFocus={(event) => event.currentTarget.select()}
              className="num h-8 w-full rounded-lg border border-edge bg-bg px-2.5 text-[13px] text-mut"
            />
          </label>
          <div className="flex flex-wrap items-center gap-2">
            <Button tone="primary" onClick={() => void copy(link.value.url)}>
              {isCopied ? <Check size={14} aria-hidden /> : <Copy size={14} aria-hidden />}
              {isCopied ? 'Copied' : 'Copy link'}
            </Button>
            <Button onClick={save}>
              <Download size={13} aria-hidden />
              Sheet, PNG
            </Button>
            <span className="text-[13px] text-mut">
              It opens without either model: only what shows the pictures is fetched.
            </span>
          </div>
          {link.value.warning === 'local' && (
            <p className="text-[13px] text-warn">
              This address works on this computer only; elsewhere, paste the link into Open.
            </p>
          )}
        </>
      ) : (
        <p role="alert" className="text-bad">
          {link.error.message} {link.error.hint}
        </p>
      )}
    </section>
  );
}
