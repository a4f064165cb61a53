'use client';
import clsx from 'clsx';
import { Trash2 } from 'lucide-react';
import { useState } from 'react';
import { Button } from '@/components/ui/button';
import { Card, CardHeader } from '@/components/ui/card';
import type { Run } from '@/lib/paircomp';
import { usePaircomp, usePaircompController } from '@/lib/state';
import { RemoveDialog } from './remove-dialog';
import { runTitle } from './words';

/** Runs that this browser keeps. */
export function RunsCard() {
  const runs = usePaircomp((state) => state.runs);
  const shown = usePaircomp((state) => state.run?.id);
  const controller = usePaircompController();
  const [asked, ask] = useState<Run | null>(null);
  if (runs.length === 0) return null;
  return (
    <Card aria-label="Runs in this browser">
      <CardHeader>
        <h2 className="font-semibold">Runs in this browser</h2>
      </CardHeader>
      <ul className="grid">
        {runs.map((run) => {
          const title = runTitle(run);
          return (
            <li key={run.id} className="flex items-center gap-1 border-t border-line py-1 pr-2 pl-1.5 first:border-t-0">
              <button
                type="button"
                aria-pressed={run.id === shown}
                onClick={() => void controller.show(run.id)}
                className={clsx(
                  'min-w-0 flex-1 rounded-lg px-2 py-1 text-left -outline-offset-2 hover:bg-soft',
                  run.id === shown && 'bg-soft font-medium',
                )}
              >
                <bdi className="block truncate">{title}</bdi>
                <span className="block truncate text-[13px] font-normal text-mut">
                  {new Date(run.createdMs).toLocaleString()} · {run.model?.title ?? 'scores from a file'}
                </span>
              </button>
              <Button
                tone="quiet"
                square
                aria-label={`Remove ${title}`}
                title="Remove the run with its pictures and scores"
                aria-haspopup="dialog"
                onClick={() => ask(run)}
              >
                <Trash2 size={14} aria-hidden />
              </Button>
            </li>
          );
        })}
      </ul>
      <RemoveDialog run={asked} onClose={() => ask(null)} />
    </Card>
  );
}
