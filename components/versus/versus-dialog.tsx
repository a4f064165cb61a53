'use client';
import { Dialog } from '@/components/ui/dialog';
import { useSession, useVersus, useVersusState } from '@/lib/state';
import { parseDraft } from '@/lib/state/bench';
import { holdsSheet } from '@/lib/state/sharing';
import { VersusPanel } from './versus-panel';

/** Model against model over the bench, with the bench's prompts and settings. */
export function VersusDialog() {
  const versus = useVersus();
  const isOpen = useVersusState((state) => state.isOpen);
  const leave = (): void => {
    versus.stop();
    versus.close();
    // A reload must not bring it back.
    if (holdsSheet(window.location.hash))
      window.history.replaceState(null, '', window.location.pathname + window.location.search);
  };
  return (
    <Dialog
      open={isOpen}
      onOpenChange={(open) => {
        if (!open) leave();
      }}
      title="Model against model"
      description="One pair of prompts on two models, with the same noise and settings."
      className="max-h-[min(94dvh,1000px)]! w-[min(920px,calc(100vw-16px))]!"
    >
      <Content onLeave={leave} />
    </Dialog>
  );
}

function Content({ onLeave }: { readonly onLeave: () => void }) {
  const draft = useSession((state) => state.settings);
  const { settings, problems } = parseDraft(draft);
  return <VersusPanel settings={settings} problem={Object.values(problems)[0] ?? null} onOpened={onLeave} />;
}
