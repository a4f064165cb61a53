import type { BenchController, BenchStore } from '@/lib/state/bench';
import type { Example, LoadedExample } from './examples';

const isDrawing = (bench: BenchStore): boolean => ['loading', 'drawing', 'paused'].includes(bench.getState().status);

/**
 * Puts a recorded comparison on screen when somebody presses it. What cannot be fetched is told at once; what arrives late, after another
 * example or Run was pressed, is left.
 */
export const createExampleOpener = (
  bench: BenchStore,
  { show, notify }: Pick<BenchController, 'show' | 'notify'>,
  load: (example: Example) => Promise<LoadedExample>,
): ((example: Example) => Promise<void>) => {
  let latest: Example | null = null;
  const open = async (example: Example): Promise<void> => {
    const wasDrawing = isDrawing(bench);
    latest = example;
    const isWanted = (): boolean => latest === example && (wasDrawing || !isDrawing(bench));
    try {
      const { comparison, images } = await load(example);
      if (isWanted()) show(comparison, { kind: 'example', id: example.id, title: example.title }, { images });
    } catch {
      if (!isWanted()) return;
      notify({
        tone: 'error',
        text: `The recorded comparison “${example.title}” could not be fetched. Check the connection and try again.`,
        action: { label: 'Try again', run: () => void open(example) },
      });
    }
  };
  return open;
};
