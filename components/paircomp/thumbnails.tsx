'use client';
import { useQuery } from '@tanstack/react-query';
import { useRouter } from 'next/navigation';
import { useEffect, useRef } from 'react';
import type { DecodedImage } from '@/lib/domain';
import type { PromptPair, Run } from '@/lib/paircomp';
import { useController, usePaircompController } from '@/lib/state';

export interface ThumbnailsProps {
  readonly run: Run;
  readonly pair: PromptPair;
  readonly image: number;
  /** What the judge says of A's and of B's picture. */
  readonly scores: readonly [string, string];
}

/** The two pictures of one draw; a press opens them in the bench with their tokens. */
export function Thumbnails({ run, pair, image, scores }: ThumbnailsProps) {
  const controller = usePaircompController();
  const bench = useController();
  const router = useRouter();
  const { data } = useQuery({
    queryKey: ['paircomp-pictures', run.id, pair.index, image],
    queryFn: () => controller.pictures(pair.index, image),
    staleTime: Infinity,
    gcTime: 60_000,
    retry: false,
  });
  const open = (): void => {
    const comparison = controller.comparison(pair.index, image);
    if (comparison === null) return;
    bench.show(comparison, { kind: 'file', name: `PairComp pair ${pair.index}, picture ${image}` });
    router.push('/');
  };
  return (
    <button
      type="button"
      onClick={open}
      title={`Open in the bench. A: ${scores[0]}; B: ${scores[1]}`}
      aria-label={`Open picture ${image} of pair ${pair.index} in the bench. A: ${scores[0]}; B: ${scores[1]}`}
      className="flex gap-0.5 rounded-md border border-line p-0.5 hover:border-edge"
    >
      <Picture image={data?.a} />
      <Picture image={data?.b} />
    </button>
  );
}

function Picture({ image }: { readonly image: DecodedImage | undefined }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const context = canvas.current?.getContext('2d');
    if (!canvas.current || !context || image === undefined) return;
    canvas.current.width = image.width;
    canvas.current.height = image.height;
    context.putImageData(new ImageData(image.data, image.width, image.height), 0, 0);
  }, [image]);
  return <canvas ref={canvas} aria-hidden width={1} height={1} className="size-[52px] rounded-sm bg-soft" />;
}
