'use client';
import { Button } from '@/components/ui/button';
import { Segmented } from '@/components/ui/segmented';
import { type BundledChoice, bundledChoices } from '@/lib/models';
import { useController, useLibrary, useLibraryState } from '@/lib/state';
import { useCatalogue, useModelFiles } from '@/lib/state/models';

/** What a choice is, in a few words. */
const words: Readonly<Record<Exclude<BundledChoice, 'default'>, { readonly label: string; readonly title: string }>> = {
  base: { label: 'Base', title: 'The model that reinforcement learning began from' },
  'pair-grpo': { label: 'Pair-GRPO', title: 'The base after reinforcement learning over pairs of prompts' },
};

const label = (choice: BundledChoice, embedded: string): string =>
  choice === 'default' ? embedded : words[choice].label;

/** Which of the bundled models draws; where there is one only, the way back to it. Files are fetched when it is to draw. */
export function BundledModels() {
  const library = useLibrary();
  const controller = useController();
  const catalogue = useCatalogue().data;
  const chosen = useLibraryState((state) => state.chosen);
  const bundled = useLibraryState((state) => state.bundled);
  const title = useModelFiles(catalogue?.default).data?.manifest.title ?? 'Embedded model';
  const take = (choice: BundledChoice): void => {
    library.takeBundled(choice);
    controller.changeModel({ onDemand: true });
  };
  if (catalogue === undefined) return null;
  const choices = bundledChoices(catalogue).map(({ choice }) => choice);
  const offered = choices.length > 1 ? choices : [];
  if (chosen !== null) {
    return (
      <span className="flex flex-wrap gap-1.5">
        {choices.map((choice) => (
          <Button key={choice} onClick={() => take(choice)}>
            {choice === 'default' ? 'Use the embedded model' : `Use ${words[choice].label}`}
          </Button>
        ))}
      </span>
    );
  }
  if (offered.length === 0) return null;
  return (
    <Segmented
      label="Which bundled model draws"
      value={choices.includes(bundled) ? bundled : 'default'}
      options={offered.map((choice) => ({
        value: choice,
        label: label(choice, title),
        ...(choice !== 'default' && { title: words[choice].title }),
      }))}
      onChange={take}
      className="justify-self-start bg-panel"
    />
  );
}
