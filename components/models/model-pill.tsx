'use client';
import clsx from 'clsx';
import { useState } from 'react';
import { buttonClass } from '@/components/ui/button';
import { Popover } from '@/components/ui/popover';
import { useBench, useBundledFolder, useLibraryState, useSession } from '@/lib/state';
import { useCatalogue, useModelFiles, useModelTitle } from '@/lib/state/models';
import { providerName } from './format';
import { ModelDialog } from './model-dialog';
import { ModelPanel } from './model-panel';

/** What runs where, in the header; opens the model's panel. */
export function ModelPill() {
  const catalogue = useCatalogue();
  const folder = useBundledFolder();
  const model = useModelFiles(folder);
  const bundledTitle = useModelTitle(folder);
  const chosen = useLibraryState((state) => state.chosen);
  const manifest = chosen === null ? model.data?.manifest : undefined;
  const title = chosen?.title ?? bundledTitle ?? 'Model';
  const [open, setOpen] = useState<'panel' | 'dialog' | null>(null);
  return (
    <>
      <Popover
        align="start"
        title={title}
        open={open === 'panel'}
        onOpenChange={(next) => setOpen(next ? 'panel' : null)}
        className="w-[min(440px,calc(100vw-20px))]"
        trigger={
          <button
            type="button"
            className={clsx(buttonClass(), 'min-w-0 shrink! justify-start!')}
            aria-label="Model and capabilities"
          >
            <Dot />
            <span className="truncate">{title}</span>
            <span className="min-w-0 truncate text-mut max-sm:hidden">
              <Words />
            </span>
          </button>
        }
      >
        <ModelPanel
          folder={chosen === null ? folder : chosen.key}
          manifest={manifest}
          missing={chosen === null ? (catalogue.error ?? model.error) : null}
          onOthers={() => setOpen('dialog')}
        />
      </Popover>
      <ModelDialog open={open === 'dialog'} onOpenChange={(next) => setOpen(next ? 'dialog' : null)} />
    </>
  );
}

function Dot() {
  const phase = useSession((state) => state.model.phase);
  return (
    <i
      aria-hidden
      className={clsx(
        'size-[7px] shrink-0 rounded-full',
        phase === 'ready' && 'bg-ok',
        phase === 'cold' && 'border border-edge',
        phase === 'loading' && 'animate-pulse bg-warn',
        phase === 'failed' && 'bg-bad',
      )}
    />
  );
}

function Words() {
  const model = useSession((state) => state.model);
  const drawing = useBench((state) => state.status === 'drawing');
  switch (model.phase) {
    case 'cold':
      return 'loads on Run';
    case 'failed':
      return 'could not be loaded';
    case 'loading': {
      const { progress } = model;
      if (progress === null || progress.totalBytes === 0) return 'loading…';
      return `loading ${Math.round((100 * progress.loadedBytes) / progress.totalBytes)} %`;
    }
    case 'ready': {
      if (model.info === null) return 'ready';
      const { weightType, executionProvider, adapter, threads } = model.info;
      const where = executionProvider === 'webgpu' ? (adapter ?? '') : threads > 1 ? `${threads} threads` : '';
      const rate = model.tokensPerSecond === null ? '' : `${Math.round(model.tokensPerSecond)} tokens/s`;
      return [weightType, providerName(executionProvider), where, drawing || rate !== '' ? rate : '']
        .filter(Boolean)
        .join(' · ');
    }
  }
}
