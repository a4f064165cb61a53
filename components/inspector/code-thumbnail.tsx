'use client';
import clsx from 'clsx';
import { useEffect, useRef } from 'react';
import { useCodebook } from '@/components/token-grid/codebook';
import { PATCH_SIZE, patchOrigin } from '@/lib/measures';

/** What a code looks like by itself. Decorative: its number stands beside it. */
export function CodeThumbnail({ code, className }: { readonly code: number; readonly className?: string }) {
  const codebook = useCodebook();
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const context = canvas.current?.getContext('2d');
    if (!context) return;
    context.clearRect(0, 0, PATCH_SIZE, PATCH_SIZE);
    if (codebook === null || code < 0) return;
    const { x, y } = patchOrigin(code);
    context.drawImage(codebook.patches, x, y, PATCH_SIZE, PATCH_SIZE, 0, 0, PATCH_SIZE, PATCH_SIZE);
  }, [codebook, code]);
  return (
    <canvas
      ref={canvas}
      width={PATCH_SIZE}
      height={PATCH_SIZE}
      aria-hidden
      className={clsx(
        'block shrink-0 bg-soft outline -outline-offset-1 outline-ink/10 [image-rendering:pixelated]',
        className,
      )}
    />
  );
}
