'use client';
import { TriangleAlert } from 'lucide-react';
import { useEffect, useState } from 'react';
import { readPrompt, type TextVocabulary } from '@/lib/models';
import type { PromptPair } from '@/lib/paircomp';
import { useBundledFolder, usePaircomp } from '@/lib/state';
import { useTextVocabulary } from '@/lib/state/models';

interface Strange {
  readonly pairs: number;
  readonly example: string;
}

/** Looking up the nearest word takes a while, so a few pairs at a time. */
const PAIRS_AT_ONCE = 8;

const useStrange = (pairs: readonly PromptPair[] | null, vocabulary: TextVocabulary | undefined): Strange | null => {
  const [strange, setStrange] = useState<Strange | null>(null);
  useEffect(() => {
    setStrange(null);
    if (pairs === null || vocabulary === undefined) return;
    let found = 0;
    let example = '';
    let place = 0;
    let timer = 0;
    const next = (): void => {
      for (const { captions } of pairs.slice(place, place + PAIRS_AT_ONCE)) {
        const word = captions.map((caption) => readPrompt(caption, vocabulary).unknown[0]?.word).find(Boolean);
        if (word === undefined) continue;
        found++;
        example ||= word;
      }
      place += PAIRS_AT_ONCE;
      if (place < pairs.length) timer = window.setTimeout(next, 0);
      else if (found > 0) setStrange({ pairs: found, example });
    };
    next();
    return () => clearTimeout(timer);
  }, [pairs, vocabulary]);
  return strange;
};

/** Says where pairs do not fit the embedded model, which knows its own little world only. */
export function UnknownWords() {
  const pairs = usePaircomp((state) => state.pairs?.pairs ?? null);
  const vocabulary = useTextVocabulary(useBundledFolder()).data;
  const strange = useStrange(pairs, vocabulary);
  if (strange === null || pairs === null) return null;
  return (
    <p role="status" className="flex gap-1.5 text-[13px] leading-snug">
      <TriangleAlert size={14} aria-hidden className="mt-0.5 shrink-0 text-warn" />
      <span>
        {strange.pairs.toLocaleString('en')} of {pairs.length.toLocaleString('en')} pairs use words that the embedded
        model does not know, such as “<bdi>{strange.example}</bdi>”. It draws them as unknown words, and its judge
        cannot read most of them; a Janus model, chosen in the header, knows every word.
      </span>
    </p>
  );
}
