'use client';
import { useEffect, useState } from 'react';
import { Dialog } from '@/components/ui/dialog';
import { Tabs } from '@/components/ui/tabs';
import { useBundledFolder, useController, useLibrary, useLibraryState } from '@/lib/state';
import { useModelTitle } from '@/lib/state/models';
import { BundledModels } from './bundled-models';
import { DownloadStatus } from './download-status';
import { AddressForm, FolderForm, HubForm } from './model-forms';
import { ProposalCard } from './proposal-card';
import { StoredModels } from './stored-models';

type Place = 'hub' | 'address' | 'folder' | 'stored';

const places: readonly { readonly value: Place; readonly label: string }[] = [
  { value: 'hub', label: 'Hugging Face' },
  { value: 'address', label: 'Address' },
  { value: 'folder', label: 'This computer' },
  { value: 'stored', label: 'Stored here' },
];

/** Which model draws: a bundled one, one of a hub, of any address, or of a folder on this computer. Says what each takes before anything is downloaded. */
export function ModelDialog({
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
      title="Choose a model"
      description="It runs in this browser. Files come from where you say, straight to this machine, and are checked before they are used."
      className="w-[min(680px,calc(100vw-24px))]"
    >
      <Content onDone={() => onOpenChange(false)} />
    </Dialog>
  );
}

function Content({ onDone }: { readonly onDone: () => void }) {
  const library = useLibrary();
  const controller = useController();
  const [place, setPlace] = useState<Place>('hub');
  const proposal = useLibraryState((state) => state.proposal);
  const problem = useLibraryState((state) => state.problem);
  const download = useLibraryState((state) => state.download);

  useEffect(() => {
    void library.refresh();
  }, [library]);

  const use = (taken: Promise<boolean>): void => {
    void taken.then((draws) => {
      if (!draws) return;
      controller.changeModel();
      onDone();
    });
  };

  return (
    <div className="grid gap-4">
      <Current />
      <Tabs
        label="Where the model comes from"
        value={place}
        options={places}
        onChange={(next) => {
          setPlace(next);
          if (download === null) library.clear();
        }}
      />
      <div role="tabpanel" aria-label={places.find(({ value }) => value === place)?.label} className="grid gap-4">
        {place === 'hub' && <HubForm />}
        {place === 'address' && <AddressForm />}
        {place === 'folder' && <FolderForm />}
        {place === 'stored' && <StoredModels onUse={(record) => use(library.takeStored(record))} />}
        {problem !== null && (
          <p role="alert" className="text-bad">
            {problem}
          </p>
        )}
        {download !== null ? (
          <DownloadStatus progress={download.progress} onCancel={library.cancel} />
        ) : (
          proposal !== null &&
          place !== 'stored' && (
            <ProposalCard
              proposal={proposal}
              onTake={(options) => use(library.take(options))}
              onUnderstanding={(include) => library.includeUnderstanding(include)}
            />
          )
        )}
      </div>
    </div>
  );
}

function Current() {
  const chosen = useLibraryState((state) => state.chosen);
  const bundled = useModelTitle(useBundledFolder());
  return (
    <div className="flex flex-wrap items-center justify-between gap-2 rounded-lg bg-soft px-3 py-2">
      <span className="min-w-0">
        <span className="text-mut">draws now: </span>
        <span className="font-medium break-all">{chosen?.title ?? bundled ?? 'the embedded model'}</span>
        {chosen !== null && !chosen.lasting && <span className="text-mut"> · kept until this page is closed</span>}
      </span>
      <BundledModels />
    </div>
  );
}
