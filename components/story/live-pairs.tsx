'use client';
import clsx from 'clsx';
import { Dices, Play, Square, X } from 'lucide-react';
import { useEffect, useState } from 'react';
import { useStore } from 'zustand';
import { VerdictMark } from '@/components/bench/judge-view';
import { settingsWords } from '@/components/bench/settings-words';
import { formatProbability } from '@/components/inspector/format';
import { formatBytes } from '@/components/models/format';
import { LoadingLine } from '@/components/models/load-progress';
import { Button } from '@/components/ui/button';
import { PromptText } from '@/components/ui/prompt-text';
import { SideBadge } from '@/components/ui/side-badge';
import { SheetPicture } from '@/components/versus/sheet-picture';
import type { Grid, SamplingSettings, Side } from '@/lib/domain';
import { OUTCOME_WORDS, RIGHT } from '@/lib/judge';
import { type PromptPair, shortName } from '@/lib/paircomp';
import { useSession, usePairDrawer } from '@/lib/state';
import { useBundledCodebook, useModelFiles, useNameAmongModels } from '@/lib/state/models';
import { fetchBuiltIn } from '@/lib/state/paircomp';
import { createHeldOutRound, type Drawn, type HeldOutRound, type RoundState } from '@/lib/state/versus';

const sides = ['a', 'b'] as const;
const BLANK: Grid = { rows: 12, columns: 12 };

interface LivePairsProps {
  readonly base: string;
  /** The model after training; undefined where it is not here. */
  readonly tuned: string | undefined;
  readonly settings: SamplingSettings;
}

/** Random held-out pairs of every category on the base, judged live; then the same on the trained model. */
export function LivePairs({ base, tuned, settings }: LivePairsProps) {
  const pairDrawer = usePairDrawer();
  const [round] = useState(() => createHeldOutRound(pairDrawer, async () => (await fetchBuiltIn()).pairs));
  useEffect(() => round.stop, [round]);
  const state = useStore(round.store);
  const models = [base, ...(tuned !== undefined && state.results[tuned] !== undefined ? [tuned] : [])];
  return (
    <>
      <p className="max-w-[68ch]">
        Six pairs of the held-out set, one of each category, picked at random when you press the button, not chosen. A
        pair is <em>controlled</em> when both pictures are right: when the judge’s P(yes) of each for its own prompt is
        over a half.
      </p>
      <Controls round={round} state={state} base={base} tuned={tuned} settings={settings} />
      {state.problem !== null && (
        <p role="alert" className="text-bad">
          {state.problem}
        </p>
      )}
      {state.pairs.length > 0 && (
        <>
          <ul className="grid" aria-label="Held-out pairs">
            {state.pairs.map((pair) => (
              <li
                key={pair.index}
                className="grid items-start gap-x-5 gap-y-2 border-t border-line py-3 sm:grid-cols-[minmax(0,1fr)_auto]"
              >
                <Prompts pair={pair} />
                <div className="flex flex-wrap gap-x-6 gap-y-2 max-sm:gap-x-4">
                  {models.map((folder) => (
                    <Pictures key={folder} folder={folder} pair={pair} result={state.results[folder]?.[pair.index]} />
                  ))}
                </div>
              </li>
            ))}
          </ul>
          <div className="grid gap-1 border-t border-line pt-3" aria-live="polite">
            {models.map((folder) => (
              <Count key={folder} folder={folder} state={state} />
            ))}
            <p className="text-[13px] text-mut">
              {state.seed !== null && settingsWords({ ...settings, seed: state.seed })} · six pairs show what failures
              look like, not how frequent they are: the page PairComp measures that.
            </p>
          </div>
        </>
      )}
    </>
  );
}

/** Small seeds are easy to say aloud. */
const roll = (): number => Math.floor(Math.random() * 10_000);

interface ControlsProps extends LivePairsProps {
  readonly round: HeldOutRound;
  readonly state: RoundState;
}

function Controls({ round, state, base, tuned, settings }: ControlsProps) {
  const model = useSession((session) => session.model);
  const manifest = useModelFiles(base).data?.manifest;
  const isComplete = (folder: string): boolean =>
    state.pairs.every(({ index }) => state.results[folder]?.[index]?.judged !== undefined);
  if (state.drawing !== null) {
    return (
      <div className="flex flex-wrap items-center gap-3">
        <Button onClick={round.stop}>
          <Square size={11} aria-hidden className="fill-current" />
          Stop
        </Button>
        {model.phase === 'loading' ? (
          <LoadingLine progress={model.progress} secondsLeft={model.secondsLeft} />
        ) : (
          <Drawing folder={state.drawing} />
        )}
      </div>
    );
  }
  const hasPairs = state.pairs.length > 0;
  return (
    <div className="flex flex-wrap items-center gap-2">
      <Button tone={hasPairs ? 'plain' : 'primary'} onClick={() => void round.pickAndDraw(base, settings, roll())}>
        <Dices size={14} aria-hidden />
        {hasPairs ? 'Six other pairs' : 'Draw six pairs'}
      </Button>
      {hasPairs && !isComplete(base) && <Button onClick={() => void round.draw(base, settings)}>Go on</Button>}
      {hasPairs && isComplete(base) && tuned !== undefined && !isComplete(tuned) && (
        <Button tone="primary" onClick={() => void round.draw(tuned, settings)}>
          <Play size={13} aria-hidden />
          The same pairs on <Name folder={tuned} />
        </Button>
      )}
      {!hasPairs && manifest && (
        <span className="text-[13px] text-mut">
          loads the base once,{' '}
          <span className="num">{formatBytes(manifest.files.weights.bytes + manifest.files.decoder.bytes)}</span>
        </span>
      )}
    </div>
  );
}

function Name({ folder }: { readonly folder: string }) {
  return useNameAmongModels(folder);
}

function Drawing({ folder }: { readonly folder: string }) {
  return (
    <span className="text-mut">
      <Name folder={folder} /> draws…
    </span>
  );
}

function Prompts({ pair }: { readonly pair: PromptPair }) {
  return (
    <div className="grid content-start gap-1.5">
      <span className="text-[13px] text-mut">{shortName(pair.category)}</span>
      {sides.map((side, place) => (
        <span key={side} className="flex items-start gap-1.5 leading-5">
          <SideBadge side={side} />
          <PromptText className="min-w-0">{pair.captions[place] ?? ''}</PromptText>
        </span>
      ))}
    </div>
  );
}

function Pictures({
  folder,
  pair,
  result,
}: {
  readonly folder: string;
  readonly pair: PromptPair;
  readonly result: Drawn | undefined;
}) {
  const name = useNameAmongModels(folder);
  const codebook = useBundledCodebook(folder);
  const judged = result?.judged;
  const own = (side: Side): number | null | undefined => judged && (side === 'a' ? judged.aForA : judged.bForB);
  return (
    <div role="group" aria-label={`${name}: ${pair.captions.join(' / ')}`} className="grid gap-1">
      <span className="flex items-center text-[13px]">
        <span className="text-mut">{name}</span>
        {judged && (
          <span className="ml-1.5 flex items-center gap-1">
            <VerdictMark outcome={judged.outcome} />
            <span aria-hidden>{judged.outcome === null ? 'not read' : OUTCOME_WORDS[judged.outcome]}</span>
          </span>
        )}
      </span>
      <div className="flex gap-2">
        {sides.map((side, place) => (
          <div key={side} className="grid w-[104px] gap-0.5 max-sm:w-[76px]">
            <SheetPicture
              label={`${name}, picture ${side.toUpperCase()}: ${pair.captions[place] ?? ''}`}
              tokens={result?.frame?.tokens[side] ?? null}
              drawn={result?.drawn ?? 0}
              grid={result?.frame?.grid ?? BLANK}
              image={result?.images?.[side] ?? null}
              codebook={codebook}
            />
            <span className="text-[13px] text-mut">{judged ? <Own value={own(side) ?? null} /> : '\u00a0'}</span>
          </div>
        ))}
      </div>
    </div>
  );
}

/** P(yes) of a picture for its own prompt; below a half the judge takes it for wrong. */
function Own({ value }: { readonly value: number | null }) {
  if (value === null) return 'not read';
  const wrong = value <= RIGHT;
  return (
    <span className="flex items-center gap-1">
      <span className="max-sm:sr-only">P(yes)</span>
      <span className={clsx('num', wrong ? 'font-semibold text-bad' : 'text-ink')}>{formatProbability(value)}</span>
      {wrong && (
        <>
          <X size={11} aria-hidden className="text-bad" />
          <span className="sr-only">wrong</span>
        </>
      )}
    </span>
  );
}

function Count({ folder, state }: { readonly folder: string; readonly state: RoundState }) {
  const name = useNameAmongModels(folder);
  const judged = Object.values(state.results[folder] ?? {}).flatMap((result) =>
    result.judged && result.judged.outcome !== null ? [result.judged] : [],
  );
  if (judged.length === 0) return null;
  const controlled = judged.filter((each) => each.controlled).length;
  const prefer = judged.filter(
    ({ aForA, aForB, bForA, bForB }) => (aForA ?? 0) > (aForB ?? 0) && (bForB ?? 0) > (bForA ?? 0),
  ).length;
  return (
    <p>
      <span className="font-medium">{name}</span>: <span className="num">{controlled}</span> of{' '}
      <span className="num">{judged.length}</span> pairs controlled (both pictures right); in{' '}
      <span className="num">{prefer}</span> each picture prefers its own prompt, right or wrong.
    </p>
  );
}
