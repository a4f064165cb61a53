'use client';
import { useState } from 'react';
import { Button } from '@/components/ui/button';
import { type ModelRecord, originName, type StoredModel } from '@/lib/downloads';
import { useLibrary, useLibraryState } from '@/lib/state';
import { isOf, keyOf } from '@/lib/state/models';
import { formatBytes } from './format';
import { StorageState } from './storage-state';

/** Downloaded models in this browser's storage: use, check, delete. */
export function StoredModels({ onUse }: { readonly onUse: (record: ModelRecord) => void }) {
  const library = useLibrary();
  const overview = useLibraryState((state) => state.overview);
  if (overview === null) return <p className="text-mut">Looking…</p>;
  return (
    <div className="grid gap-3">
      <p className="text-mut">
        <StorageState />
        {overview.kind === 'memory' && ' Downloads stay in memory until the page is closed.'}
      </p>
      {overview.models.length === 0 && <p>No downloaded model is stored here.</p>}
      <ul className="grid gap-2">
        {overview.models.map((model) => (
          <Stored key={keyOf(model.origin)} model={model} onUse={() => onUse(model)} />
        ))}
      </ul>
      {overview.strayBytes > 0 && (
        <div className="flex items-center justify-between gap-3">
          <span className="text-mut">
            <span className="num">{formatBytes(overview.strayBytes)}</span> belong to no model any more.
          </span>
          <Button onClick={() => void library.removeStrays()}>Delete them</Button>
        </div>
      )}
    </div>
  );
}

function Stored({ model, onUse }: { readonly model: StoredModel; readonly onUse: () => void }) {
  const library = useLibrary();
  const chosen = useLibraryState((state) => isOf(state.chosen, model.origin));
  const downloading = useLibraryState((state) => state.download !== null);
  const [said, setSaid] = useState<string | null>(null);
  const [sure, setSure] = useState(false);
  const bytes = model.files.reduce((sum, file) => sum + file.bytes, 0);
  const here = model.states.reduce((sum, state) => sum + state.bytes, 0);
  const whole = model.states.every(({ state }) => state === 'whole');
  const name = originName(model.origin);

  const check = (): void => {
    setSaid('Reading every file…');
    void library.check({ origin: model.origin, files: model.files }).then((damaged) => {
      setSaid(
        damaged.length === 0
          ? 'Every file is what it should be.'
          : `Damaged or missing, to be downloaded again: ${damaged.join(', ')}.`,
      );
    });
  };

  return (
    <li className="grid gap-2 rounded-lg border border-line px-3 py-2.5">
      <div className="flex flex-wrap items-baseline justify-between gap-x-3">
        <span className="font-medium break-all">{name}</span>
        <span className="num text-mut">
          {whole ? formatBytes(bytes) : `${formatBytes(here)} of ${formatBytes(bytes)}`}
        </span>
      </div>
      {model.origin.kind === 'hub' && (
        <span className="num text-[13px] break-all text-mut">{model.origin.revision}</span>
      )}
      {model.text && (
        <span className="text-mut">
          without its table of text embeddings: the rows of typed words are fetched when you press Run
        </span>
      )}
      {said !== null && <p aria-live="polite">{said}</p>}
      <div className="flex flex-wrap justify-end gap-2">
        <Button tone="quiet" onClick={check} disabled={downloading} aria-label={`Check ${name}`}>
          Check
        </Button>
        <Button
          tone="quiet"
          disabled={downloading}
          aria-label={`Delete ${name}`}
          onClick={() => (sure ? void library.forget(model.origin) : setSure(true))}
        >
          {sure ? `Delete ${formatBytes(here)} for good` : 'Delete'}
        </Button>
        {chosen ? (
          <span className="self-center text-mut">draws now</span>
        ) : (
          <Button
            disabled={!whole}
            onClick={onUse}
            title={whole ? undefined : 'Look it up again to download the rest'}
            aria-label={`Use ${name}`}
          >
            Use
          </Button>
        )}
      </div>
    </li>
  );
}
