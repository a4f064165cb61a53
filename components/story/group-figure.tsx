'use client';
import clsx from 'clsx';
import { useState } from 'react';
import { formatProbability } from '@/components/inspector/format';
import { PromptText } from '@/components/ui/prompt-text';
import { Segmented } from '@/components/ui/segmented';
import { SideBadge } from '@/components/ui/side-badge';
import { type GroupPicture, type GrpoReport, points } from '@/lib/grpo';
import { publicPath } from '@/lib/state/page';

type Normalised = 'paired' | 'alone';

const sides = ['a', 'b'] as const;
const choices = [
  { value: 'paired', label: 'both prompts together', title: 'Pair-GRPO' },
  { value: 'alone', label: 'each prompt alone', title: 'Vanilla GRPO' },
] as const;

/** What a group is, on one of the training's own. */
export function GroupFigure({ group }: { readonly group: GrpoReport['group'] | undefined }) {
  return (
    <>
      <p className="max-w-[68ch]">
        Group-relative reinforcement learning draws several pictures of a prompt, lets the judge reward each with its
        P(yes), and makes those above the group’s mean likelier and those below it less likely. In vanilla GRPO a group
        is one prompt’s pictures. In Pair-GRPO it is <em>both</em> prompts’, their rewards normalised together: its
        authors’ idea is that a prompt whose pictures all fail alike, which teaches nothing alone, teaches something
        beside a sibling that succeeds.
      </p>
      <p className="max-w-[68ch]">
        With a probability that falls to 0 over the training, a group also holds ground truth: each prompt’s own image,
        and, as a negative, its sibling’s, which is almost the same picture and still wrong.
      </p>
      {group !== undefined && <Group group={group} />}
    </>
  );
}

function Group({ group }: { readonly group: NonNullable<GrpoReport['group']> }) {
  const [normalised, setNormalised] = useState<Normalised>('paired');
  const largest = Math.max(
    ...group.pictures.flat().flatMap(({ paired, alone }) => [Math.abs(paired), Math.abs(alone)]),
  );
  return (
    <figure className="grid grid-cols-1 gap-3 border-t border-line pt-3">
      <div className="flex flex-wrap items-center gap-2">
        <span className="text-mut">rewards normalised over</span>
        <Segmented label="Rewards normalised over" value={normalised} options={choices} onChange={setNormalised} />
      </div>
      <div className="relative -mx-1 scroll-x px-1" role="region" aria-label="The group" tabIndex={0}>
        <div className="grid min-w-[560px] gap-4">
          {group.pictures.map((pictures, side) => (
            <div key={side} className="grid gap-1.5">
              <span className="flex items-start gap-1.5 leading-5">
                <SideBadge side={sides[side] ?? 'a'} />
                <PromptText>{group.captions[side] ?? ''}</PromptText>
              </span>
              <ul className="grid gap-2" style={{ gridTemplateColumns: `repeat(${pictures.length}, minmax(0, 1fr))` }}>
                {pictures.map((picture, place) => (
                  <Tile
                    key={place}
                    picture={picture}
                    place={place}
                    side={side}
                    count={pictures.length}
                    normalised={normalised}
                    largest={largest}
                  />
                ))}
              </ul>
            </div>
          ))}
        </div>
      </div>
      <figcaption className="text-[13px] text-mut">
        One group of the first step of run {group.run}, as training made it: of those with ground truth the one whose
        rewards differ most ({group.category}). Below each picture: its reward, and its advantage, (reward − mean) /
        standard deviation.
      </figcaption>
    </figure>
  );
}

interface TileProps {
  readonly picture: GroupPicture;
  readonly place: number;
  readonly side: number;
  /** Pictures in a row. */
  readonly count: number;
  readonly normalised: Normalised;
  readonly largest: number;
}

const kinds: Readonly<Record<GroupPicture['kind'], string>> = {
  rollout: 'rollout',
  own: 'own image',
  sibling: 'sibling’s',
};

function Tile({ picture, place, side, count, normalised, largest }: TileProps) {
  const advantage = picture[normalised];
  const share = largest === 0 ? 0 : Math.abs(advantage) / largest;
  const x = count > 1 ? (100 * place) / (count - 1) : 0;
  return (
    <li className="grid content-start gap-1 text-[13px]">
      <span
        role="img"
        aria-label={`${kinds[picture.kind]}, picture ${place + 1} of prompt ${side === 0 ? 'A' : 'B'}`}
        className={clsx(
          'aspect-square rounded-md border bg-white',
          picture.kind === 'rollout' ? 'border-line' : 'border-2 border-edge',
        )}
        style={{
          backgroundImage: `url(${publicPath('grpo/group.png')})`,
          backgroundSize: `${count * 100}% 200%`,
          backgroundPosition: `${x}% ${side * 100}%`,
          backgroundOrigin: 'border-box',
        }}
      />
      <span className="truncate text-mut">{kinds[picture.kind]}</span>
      <span>
        <span className="sr-only">reward </span>
        <span className="num">{formatProbability(picture.reward)}</span>
      </span>
      <span aria-hidden className="relative h-12 border-x border-transparent">
        <i className="absolute inset-x-0 top-1/2 border-t border-edge" />
        <i
          className={clsx(
            'absolute inset-x-[22%]',
            advantage < 0 ? 'top-1/2 rounded-b-[2px] bg-bad' : 'bottom-1/2 rounded-t-[2px] bg-ok',
          )}
          style={{ height: `${50 * share}%` }}
        />
      </span>
      <span>
        <span className="sr-only">advantage </span>
        <span className="num font-semibold">
          {advantage > 0 && points(advantage) !== '0.0' ? `+${points(advantage)}` : points(advantage)}
        </span>
      </span>
    </li>
  );
}
