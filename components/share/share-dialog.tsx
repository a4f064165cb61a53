'use client';
import { Check, Copy, Download } from 'lucide-react';
import { useMemo, useState } from 'react';
import { useCodebook } from '@/components/token-grid/codebook';
import { Button } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import { Tick } from '@/components/ui/tick';
import type { ExportPart } from '@/lib/export';
import { useBench, useBenchStore, useController, useSession } from '@/lib/state';
import { FIRST_VIEW, type ViewState, viewStateOf } from '@/lib/state/bench';
import { problemOf } from '@/lib/state/page';
import { shareLink, withViewState } from '@/lib/state/sharing';
import { download } from './downloads';
import { SharedPreview } from './shared-preview';

/** Copies the link that holds the comparison, or saves its parts as files. */
export function ShareDialog({
  open,
  onOpenChange,
}: {
  readonly open: boolean;
  readonly onOpenChange: (open: boolean) => void;
}) {
  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      title="Share this comparison"
      description="The link holds the comparison itself. Nothing is stored on a server."
    >
      <Content onClose={() => onOpenChange(false)} />
    </Dialog>
  );
}

const parts: readonly { readonly part: ExportPart; readonly label: string; readonly needsPictures: boolean }[] = [
  { part: 'a', label: 'Picture A, PNG', needsPictures: true },
  { part: 'b', label: 'Picture B, PNG', needsPictures: true },
  { part: 'difference', label: 'Difference, PNG', needsPictures: true },
  { part: 'comparison', label: 'comparison.json', needsPictures: false },
  { part: 'trace', label: 'Numbers, CSV', needsPictures: false },
];

function Content({ onClose }: { readonly onClose: () => void }) {
  const controller = useController();
  const frame = useBench((state) => state.frame);
  const drawn = useBench((state) => state.drawn);
  const status = useBench((state) => state.status);
  const images = useBench((state) => state.images);
  const codebook = useCodebook();
  const adapter = useSession(({ model }) => model.info?.adapter ?? null);
  const [withAdapter, setWithAdapter] = useState(false);
  const drawing = status === 'drawing' || status === 'paused';
  const tellable = frame?.origin === 'live' && frame.provenance.executionProvider === 'webgpu' ? adapter : null;

  const comparison = useMemo(() => {
    if (frame === null || drawn === 0 || drawing) return null;
    const plain = controller.shareable();
    if (plain === null || tellable === null || !withAdapter) return plain;
    return { ...plain, provenance: { ...plain.provenance, adapter: tellable } };
  }, [controller, frame, drawn, drawing, tellable, withAdapter]);

  if (comparison === null) {
    return (
      <p className="text-mut">
        {drawing
          ? 'The pair is still being drawn; wait for its end or stop it, then share it.'
          : 'Nothing is drawn yet. Run a pair or choose a recorded one first.'}
      </p>
    );
  }
  const total = comparison.grid.rows * comparison.grid.columns;
  const hasPictures = images.a !== null && images.b !== null;

  return (
    <div className="grid gap-4">
      {drawn < total && (
        <p className="text-warn">
          This drawing was stopped: {drawn} of {total} steps are shared.
        </p>
      )}
      <SharedPreview comparison={comparison} onRun={onClose} />
      <Link comparison={comparison} />
      {tellable !== null && (
        <Tick checked={withAdapter} onChange={setWithAdapter}>
          Tell what it was drawn on in comparison.json: <span className="font-medium">{tellable}</span>
        </Tick>
      )}
      <section className="grid gap-2 border-t border-line pt-4">
        <h3 className="font-semibold">Files</h3>
        <div className="flex flex-wrap gap-2">
          {parts.map(({ part, label, needsPictures }) => (
            <Button
              key={part}
              disabled={needsPictures && !hasPictures}
              onClick={() => {
                try {
                  download(part, { comparison, images, codebook: codebook?.vectors ?? null });
                } catch (error) {
                  controller.notify({ tone: 'error', text: problemOf(error) });
                }
              }}
            >
              <Download size={13} aria-hidden />
              {label}
            </Button>
          ))}
        </div>
        <p className="text-[13px] text-mut">
          comparison.json carries every number; a link carries the tokens exactly and, rounded, prompt divergence and
          cross scores.
        </p>
      </section>
    </div>
  );
}

/** Where a reader would look: the locked cell, or else the view, where it is not the one that the bench begins with. */
function usePointedAt(): { readonly words: string; readonly state: ViewState } | null {
  const bench = useBenchStore();
  const cell = useBench((state) => state.lockedStep);
  const view = useBench((state) => state.view);
  const columns = useBench((state) => state.frame?.grid.columns ?? 1);
  if (cell === null && view === FIRST_VIEW) return null;
  const words =
    cell === null
      ? 'Open it in the view chosen here'
      : `Point at the locked cell: row ${Math.floor(cell / columns)}, column ${cell % columns}, step ${cell}`;
  return { words, state: viewStateOf(bench.getState()) };
}

function Link({ comparison }: { readonly comparison: Parameters<typeof shareLink>[0] }) {
  const link = useMemo(() => shareLink(comparison, new URL(window.location.href)), [comparison]);
  const pointedAt = usePointedAt();
  const [points, setPoints] = useState(true);
  const controller = useController();
  const [copied, setCopied] = useState<string | null>(null);
  if (!link.ok) {
    return (
      <p role="alert" className="text-bad">
        {link.error.message} {link.error.hint}
      </p>
    );
  }
  const { warning } = link.value;
  const url = pointedAt !== null && points ? withViewState(link.value.url, pointedAt.state) : link.value.url;
  const copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(url);
      setCopied(url);
      controller.announce('Link copied.');
    } catch {
      controller.notify({
        tone: 'warning',
        text: 'This browser does not let the page copy; select the link and copy it with the keyboard.',
      });
    }
  };
  const isCopied = copied === url;
  return (
    <section className="grid gap-2">
      <label className="grid gap-1.5">
        <span className="flex items-baseline justify-between gap-3">
          <span className="font-semibold">Link</span>
          <span className="num text-[13px] text-mut">{url.length.toLocaleString('en')} characters</span>
        </span>
        <textarea
          readOnly
          value={url}
          rows={3}
          onFocus={(event) => event.currentTarget.select()}
          className="num w-full resize-none rounded-lg border border-edge bg-bg px-2.5 py-2 text-[13px] break-all text-mut"
        />
      </label>
      {pointedAt !== null && (
        <Tick checked={points} onChange={setPoints}>
          {pointedAt.words}
        </Tick>
      )}
      <div className="flex flex-wrap items-center gap-3">
        <Button tone="primary" onClick={() => void copy()}>
          {isCopied ? <Check size={14} aria-hidden /> : <Copy size={14} aria-hidden />}
          {isCopied ? 'Copied' : 'Copy link'}
        </Button>
        <span className="min-w-0 flex-1 text-[13px] text-mut">
          Prompts, settings, all tokens, prompt divergence, cross scores, model and provenance.
        </span>
      </div>
      {warning === 'local' && (
        <p className="text-[13px] text-warn">
          This address works on this computer only. Elsewhere, paste the link into Open, or set{' '}
          <code className="num">NEXT_PUBLIC_SITE_URL</code> when building to get links that work anywhere.
        </p>
      )}
    </section>
  );
}
