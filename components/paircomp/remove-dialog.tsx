'use client';
import { useEffect, useState } from 'react';
import { Button } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import { counted } from '@/lib/domain';
import type { Run } from '@/lib/paircomp';
import { usePaircomp, usePaircompController } from '@/lib/state';
import { runTitle } from './words';

/** Asks before a run is removed, and says what is lost with it. */
export function RemoveDialog({ run, onClose }: { readonly run: Run | null; readonly onClose: () => void }) {
  return (
    <Dialog
      open={run !== null}
      onOpenChange={(open) => !open && onClose()}
      title="Remove this run?"
      {...(run && { description: `${runTitle(run)}, begun ${new Date(run.createdMs).toLocaleString()}` })}
    >
      {run !== null && <Question run={run} onClose={onClose} />}
    </Dialog>
  );
}

function Question({ run, onClose }: { readonly run: Run; readonly onClose: () => void }) {
  const controller = usePaircompController();
  const isDrawn = usePaircomp((state) => state.run?.id === run.id && state.activity !== 'none');
  const [lost, setLost] = useState('Its pictures and scores');
  useEffect(() => {
    let left = false;
    void controller.holdings(run.id).then((holdings) => {
      if (left || holdings === null) return;
      setLost(`Its ${counted(2 * holdings.draws, 'picture')} and ${counted(holdings.scores, 'score')}`);
    });
    return () => {
      left = true;
    };
  }, [controller, run.id]);
  return (
    <div className="grid gap-3">
      <p>
        {lost} are removed from this browser for good. Saved zips and scores files stay.
        {isDrawn && ' It is being drawn now; that ends.'}
      </p>
      <div className="flex justify-end gap-1.5">
        <Button onClick={onClose}>Keep it</Button>
        <Button
          tone="primary"
          onClick={() => {
            onClose();
            void controller.remove(run.id);
          }}
        >
          Remove for good
        </Button>
      </div>
    </div>
  );
}
