'use client';
import { useEffect, useState } from 'react';
import { useController } from '@/lib/state';
import { readAllShared, readSharedFile } from '@/lib/state/sharing';
import type { Offer } from './open-dialog';
import { useShow } from './use-show';

const CARRIERS = ['Files', 'text/uri-list', 'text/plain'];

/** A text dropped into a field is for that field. */
const carriesComparison = ({ dataTransfer, target }: DragEvent): boolean =>
  dataTransfer !== null &&
  dataTransfer.types.some((type) => CARRIERS.includes(type)) &&
  (dataTransfer.types.includes('Files') || !(target instanceof Element) || target.closest('input, textarea') === null);

/** Takes a file, a link or a text with links, dropped anywhere on the page. */
export function DropTarget({ onOffer }: { readonly onOffer: (offer: Offer) => void }) {
  const controller = useController();
  const show = useShow();
  const [over, setOver] = useState(false);
  useEffect(() => {
    // Entering a child leaves its parent: only the balance tells whether the pointer is still over the page.
    let depth = 0;
    // What is dragged from this page is no comparison from elsewhere.
    let isOwn = false;
    const onStart = (): void => void (isOwn = true);
    const onEnd = (): void => void (isOwn = false);
    const onEnter = (event: DragEvent): void => {
      if (isOwn || !carriesComparison(event)) return;
      depth += 1;
      setOver(true);
    };
    const onLeave = (event: DragEvent): void => {
      if (!carriesComparison(event)) return;
      depth = Math.max(depth - 1, 0);
      if (depth === 0) setOver(false);
    };
    const onOver = (event: DragEvent): void => {
      if (!isOwn && carriesComparison(event)) event.preventDefault();
    };
    const onDrop = (event: DragEvent): void => {
      depth = 0;
      setOver(false);
      if (isOwn || !carriesComparison(event) || event.dataTransfer === null) return;
      event.preventDefault();
      const [file] = event.dataTransfer.files;
      const text = event.dataTransfer.getData('text/uri-list') || event.dataTransfer.getData('text/plain');
      void (file === undefined ? Promise.resolve(readAllShared(text)) : readSharedFile(file)).then((result) => {
        if (!result.ok)
          return controller.notify({ tone: 'error', text: `${result.error.message} ${result.error.hint}` });
        const source = file === undefined ? ({ kind: 'link' } as const) : ({ kind: 'file', name: file.name } as const);
        const [first, ...others] = result.value;
        if (others.length === 0) show(first, source);
        else onOffer({ choices: result.value, source });
      });
    };
    const listeners = {
      dragstart: onStart,
      dragend: onEnd,
      dragenter: onEnter,
      dragleave: onLeave,
      dragover: onOver,
      drop: onDrop,
    } as const;
    for (const [name, listener] of Object.entries(listeners)) window.addEventListener(name as 'drop', listener);
    return () => {
      for (const [name, listener] of Object.entries(listeners)) window.removeEventListener(name as 'drop', listener);
    };
  }, [controller, show, onOffer]);
  if (!over) return null;
  return (
    <div className="pointer-events-none fixed inset-3 z-50 grid place-items-center rounded-2xl border-2 border-dashed border-ink bg-bg/85 text-[17px] font-medium">
      Drop a link or a comparison.json to open it
    </div>
  );
}
