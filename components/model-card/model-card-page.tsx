'use client';
import { QueryClientProvider } from '@tanstack/react-query';
import Link from 'next/link';
import { useState } from 'react';
import { formatBytes } from '@/components/models/format';
import { limitSentences } from '@/components/prompts/vocabulary-groups';
import { Logo } from '@/components/shell/logo';
import { SiteNav } from '@/components/shell/site-nav';
import { ThemeToggle } from '@/components/shell/theme-toggle';
import { Segmented } from '@/components/ui/segmented';
import {
  type BundledChoice,
  bundledChoices,
  type Catalogue,
  folderOfChoice,
  type Manifest,
  type ModelCard,
  roleTitle,
} from '@/lib/models';
import type { Vocabulary } from '@/lib/prompts';
import { useCatalogue, useModelCard, useModelFiles, useModelTitle, useVocabulary } from '@/lib/state/models';
import { createQueries, problemOf, publicPath } from '@/lib/state/page';
import { Accuracy } from './accuracy';
import { Facts, Part } from './card-parts';
import { Judgement } from './judgement';

/** What the model that draws is, as its own files tell it. */
export function ModelCardPage() {
  const [queries] = useState(createQueries);
  return (
    <QueryClientProvider client={queries}>
      <header className="flex h-12 items-center gap-3.5 border-b border-line px-6 max-sm:px-3">
        <Link href="/" title="To the bench">
          <Logo />
        </Link>
        <SiteNav />
        <span className="flex-1" />
        <ThemeToggle />
      </header>
      <Page />
    </QueryClientProvider>
  );
}

function Page() {
  const catalogue = useCatalogue();
  const [choice, setChoice] = useState<BundledChoice>('default');
  const folder = catalogue.data && folderOfChoice(catalogue.data, choice);
  const model = useModelFiles(folder);
  const card = useModelCard(folder);
  const vocabulary = useVocabulary(folder);
  const error = catalogue.error ?? model.error ?? card.error;
  return (
    <main className="mx-auto grid max-w-[860px] grid-cols-1 gap-3 px-6 py-6 max-sm:px-3 max-sm:py-4">
      {catalogue.data && <Choice catalogue={catalogue.data} choice={choice} onChange={setChoice} />}
      {folder !== undefined && model.data && card.data ? (
        <Sections folder={folder} manifest={model.data.manifest} card={card.data} vocabulary={vocabulary.data} />
      ) : (
        <>
          <h1 className="text-[22px] font-semibold tracking-tight">The model</h1>
          <p className={error === null ? 'text-mut' : 'text-bad'}>
            {error === null ? 'Fetching the model card…' : problemOf(error, 'reading a page')}
          </p>
        </>
      )}
    </main>
  );
}

/** Whose card it is, where there are several models. */
function Choice({
  catalogue,
  choice,
  onChange,
}: {
  readonly catalogue: Catalogue;
  readonly choice: BundledChoice;
  readonly onChange: (choice: BundledChoice) => void;
}) {
  const choices = bundledChoices(catalogue);
  const embedded = useModelTitle(catalogue.default) ?? 'Embedded model';
  if (choices.length === 1) return null;
  return (
    <Segmented
      label="Model"
      value={choice}
      options={choices.map(({ choice: value, folder }) => ({ value, label: roleTitle(catalogue, folder) ?? embedded }))}
      onChange={onChange}
      className="justify-self-start"
    />
  );
}

interface SectionsProps {
  readonly folder: string;
  readonly manifest: Manifest;
  readonly card: ModelCard;
  readonly vocabulary: Vocabulary | undefined;
}

function Sections({ folder, manifest, card, vocabulary }: SectionsProps) {
  const { grid, image, files } = manifest;
  const title = useModelTitle(folder) ?? manifest.title;
  const { languageModel: training, tokenizer, judge, contactSheet } = card;
  const sheet = files.contactSheet;
  const psnr = tokenizer?.pixelDecoderPsnr;
  return (
    <>
      <h1 className="text-[22px] font-semibold tracking-tight">{title}</h1>
      <p>{card.description}</p>
      <Part title="What it is">
        <Facts
          rows={[
            ['name', card.name],
            [
              'revision',
              <span key="revision" className="num text-[13px]">
                {folder}
              </span>,
            ],
            ['parameters', `${(manifest.parameters / 1e6).toFixed(1)} million, ${manifest.layers} layers`],
            ['weights', manifest.weightType],
            [
              'draws',
              `${grid.rows} × ${grid.columns} tokens of ${manifest.codes}, ${image.width} × ${image.height} pixels`,
            ],
            ['size', formatBytes(Object.values(files).reduce((sum, file) => sum + (file?.bytes ?? 0), 0))],
          ]}
        />
      </Part>
      <Accuracy card={card} />
      {judge !== undefined && <Judgement judge={judge} />}
      {sheet !== undefined && (
        <Part title="Pictures">
          {contactSheet !== undefined && <p className="text-mut">{contactSheet}</p>}
          {/* The file as it is: nothing may resize or recompress what was measured. */}
          <a href={publicPath(`models/${folder}/${sheet.path}`)}>
            <img
              src={publicPath(`models/${folder}/${sheet.path}`)}
              alt={contactSheet ?? 'Pictures that the model drew, with their prompts'}
              className="w-full rounded-md border border-line bg-white"
            />
          </a>
        </Part>
      )}
      {card.weaknesses !== undefined && card.weaknesses.length > 0 && (
        <Part title="Known weaknesses">
          <Sentences sentences={card.weaknesses} />
        </Part>
      )}
      {vocabulary !== undefined && (
        <Part title="Limits">
          <Sentences sentences={limitSentences(vocabulary)} />
        </Part>
      )}
      <Part title="What it was trained on">
        {card.data !== undefined && <p>{card.data}</p>}
        {card.heldOut !== undefined && <p>{card.heldOut}</p>}
        <Facts
          rows={[
            ['steps', training?.steps?.toLocaleString('en')],
            ['pictures a step', training?.imagesPerStep?.toLocaleString('en')],
            ['pictures seen', training?.imagesSeen?.toLocaleString('en')],
            [
              'time',
              training?.wallClockMinutes === undefined ? undefined : `${Math.round(training.wallClockMinutes)} minutes`,
            ],
            ['hardware', training?.hardware],
            ['optimizer', training?.optimizer],
            ['history', training?.history],
            [
              'codebook',
              tokenizer?.codes === undefined
                ? undefined
                : `${tokenizer.codes} codes${tokenizer.foregroundPsnr === undefined ? '' : `, foreground PSNR ${tokenizer.foregroundPsnr.toFixed(1)} dB`}`,
            ],
            ['pixel decoder', psnr && `PSNR ${psnr.all.toFixed(1)} dB, foreground ${psnr.foreground.toFixed(1)} dB`],
          ]}
        />
      </Part>
      <Part title="Licences">
        {card.licences !== undefined && (
          <ul className="grid list-disc gap-0.5 pl-4">
            {card.licences.map(({ what, holder, licence, source }) => (
              <li key={what}>
                {what}: {licence}
                <span className="text-mut">{[holder, source].filter(Boolean).map((text) => `, ${text}`)}</span>
              </li>
            ))}
          </ul>
        )}
        {manifest.licences.map(({ of, licence, notice }) => (
          <details key={of}>
            <summary className="cursor-pointer">
              {of}: {licence}
            </summary>
            <p className="mt-1 text-[13px] text-mut">{notice}</p>
          </details>
        ))}
      </Part>
    </>
  );
}

function Sentences({ sentences }: { readonly sentences: readonly string[] }) {
  return (
    <ul className="grid list-disc gap-0.5 pl-4">
      {sentences.map((sentence) => (
        <li key={sentence}>{sentence}</li>
      ))}
    </ul>
  );
}
