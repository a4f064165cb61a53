'use client';
import { useEffect, useState } from 'react';
import { useController } from '@/lib/state';
import { readShared, readSharedFile } from '@/lib/state/sharing';
import { useShow } from './use-show';

const carriesComparison = ({ dataTransfer }: DragEvent): boolean =>
  dataTransfer !== null && [...dataTransfer.types].some((type) => type === 'Files' || type === 'text/uri-list');

/** Takes a comparison.json, or a link, dropped anywhere on the page. */
export function DropTarget() {
  const controller = useController();
  const show = useShow();
  const [over, setOver] = useState(false);
  useEffect(() => {
    // Entering a child leaves its parent: only the balance tells whether the pointer is still over the page.
    let depth = 0;
    const onEnter = (event: DragEvent): void => {
      if (!carriesComparison(event)) return;
      depth += 1;
      setOver(true);
    };
    const onLeave = (event: DragEvent): void => {
      if (!carriesComparison(event)) return;
      depth = Math.max(depth - 1, 0);
      if (depth === 0) setOver(false);
    };
    const onOver = (event: DragEvent): void => {
      if (carriesComparison(event)) event.preventDefault();
    };
    const onDrop = (event: DragEvent): void => {
      depth = 0;
      setOver(false);
      if (!carriesComparison(event)) return;
      event.preventDefault();
      const file = event.dataTransfer?.files[0];
      const link = event.dataTransfer?.getData('text/uri-list') ?? '';
      void (file === undefined ? Promise.resolve(readShared(link)) : readSharedFile(file)).then((result) => {
        if (result.ok) show(result.value, file === undefined ? { kind: 'link' } : { kind: 'file', name: file.name });
        else controller.notify({ tone: 'error', text: `${result.error.message} ${result.error.hint}` });
      });
    };
    const listeners = { dragenter: onEnter, dragleave: onLeave, dragover: onOver, drop: onDrop } as const;
    for (const [name, listener] of Object.entries(listeners)) window.addEventListener(name as 'drop', listener);
    return () => {
      for (const [name, listener] of Object.entries(listeners)) window.removeEventListener(name as 'drop', listener);
    };
  }, [controller, show]);
  if (!over) return null;
  return (
    <div className="pointer-events-none fixed inset-3 z-50 grid place-items-center rounded-2xl border-2 border-dashed border-ink bg-bg/85 text-[17px] font-medium">
      Drop a comparison.json to open it
    </div>
  );
}
