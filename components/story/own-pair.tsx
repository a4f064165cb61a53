'use client';
import { useRouter } from 'next/navigation';
import { useState } from 'react';
import { Button } from '@/components/ui/button';
import { Field } from '@/components/ui/field';
import { useModelsToCompare } from '@/components/versus/use-models';
import { VersusPanel } from '@/components/versus/versus-panel';
import type { SamplingSettings } from '@/lib/domain';
import { useController, useSession } from '@/lib/state';

/** For who has no pair in mind. */
const EXAMPLE = { a: 'two red balloons', b: 'three red balloons' } as const;

/** The reader's own pair on both models, with the experiment's settings and one noise for both prompts. */
export function OwnPair({ settings }: { readonly settings: SamplingSettings | null }) {
  const router = useRouter();
  const controller = useController();
  const isEmpty = useSession(({ prompts }) => prompts.a === '' && prompts.b === '');
  const models = useModelsToCompare();
  const [seed, setSeed] = useState('7');
  if (!models) {
    return (
      <p className="max-w-[68ch]">
        Base and Pair-GRPO are not both part of this copy; the bench draws pairs on the model that is.
      </p>
    );
  }
  const isSeed = /^\d{1,10}$/.test(seed.trim()) && Number(seed) <= 0xffff_ffff;
  const problem = isSeed ? null : 'The seed must be a whole number from 0 to 4294967295.';
  return (
    <>
      <p className="max-w-[68ch]">
        Both models draw your pair from the same noise, so whatever differs along a column is the training, and whatever
        differs along a row is the prompt. The result is a link; “To the bench” shows a row with all its numbers.
      </p>
      {isEmpty && (
        <p className="flex flex-wrap items-center gap-2 text-mut">
          Two sentences that differ in one point, such as
          <Button
            onClick={() => {
              controller.setPrompt('a', EXAMPLE.a);
              controller.setPrompt('b', EXAMPLE.b);
            }}
          >
            {EXAMPLE.a} / {EXAMPLE.b}
          </Button>
        </p>
      )}
      <Field label="Seed" value={seed} problem={problem} inputMode="numeric" onChange={setSeed} />
      <VersusPanel
        settings={settings === null || !isSeed ? null : { ...settings, coupling: 'coupled', seed: Number(seed) }}
        problem={problem}
        onOpened={() => router.push('/')}
      />
    </>
  );
}
