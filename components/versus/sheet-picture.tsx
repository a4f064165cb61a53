'use client';
import { useEffect, useRef } from 'react';
import type { Codebook } from '@/components/token-grid/codebook';
import type { DecodedImage, Grid } from '@/lib/domain';
import { PATCH_SIZE, patchOrigin } from '@/lib/measures';

interface SheetPictureProps {
  readonly label: string;
  readonly tokens: Int32Array | null;
  readonly drawn: number;
  readonly grid: Grid;
  readonly image: DecodedImage | null;
  readonly codebook: Codebook | null;
}

/** A picture: decoded, or until then its tokens' patches as they come. */
export function SheetPicture({ label, tokens, drawn, grid, image, codebook }: SheetPictureProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const width = image?.width ?? grid.columns * PATCH_SIZE;
  const height = image?.height ?? grid.rows * PATCH_SIZE;
  useEffect(() => {
    const context = canvas.current?.getContext('2d');
    if (!context) return;
    if (image !== null) {
      context.putImageData(new ImageData(image.data, image.width, image.height), 0, 0);
      return;
    }
    context.clearRect(0, 0, width, height);
    for (let step = 0; codebook !== null && tokens !== null && step < drawn; step++) {
      const { x, y } = patchOrigin(tokens[step] ?? 0);
      context.drawImage(
        codebook.patches,
        x,
        y,
        PATCH_SIZE,
        PATCH_SIZE,
        (step % grid.columns) * PATCH_SIZE,
        Math.floor(step / grid.columns) * PATCH_SIZE,
        PATCH_SIZE,
        PATCH_SIZE,
      );
    }
  }, [image, tokens, drawn, codebook, grid.columns, width, height]);
  return (
    <canvas
      ref={canvas}
      role="img"
      aria-label={label}
      width={width}
      height={height}
      className="aspect-square w-full rounded-md border border-line bg-panel"
    />
  );
}
