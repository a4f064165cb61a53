'use client';
import type { ReactNode } from 'react';
import { differencePanelViews } from '@/components/bench/difference-views';
import { Dialog } from '@/components/ui/dialog';
import { Kbd } from '@/components/ui/kbd';
import { useCommandKey } from './platform-key';

interface Row {
  readonly keys: readonly string[];
  readonly what: string;
}

/** `Cross score, tokens, ...`: the views in the order of their keys. */
const viewNames = differencePanelViews.map(({ label }, i) => (i === 0 ? label : label.toLowerCase())).join(', ');

const groups = (command: string): readonly { readonly title: string; readonly rows: readonly Row[] }[] => [
  {
    title: 'Drawing',
    rows: [
      { keys: [`${command}Enter`, 'Enter in a prompt'], what: 'Run the pair' },
      { keys: ['.', `${command}.`], what: 'Stop' },
      { keys: ['P'], what: 'Pause, go on' },
      { keys: ['U'], what: 'Bring back what was here before' },
    ],
  },
  {
    title: 'Looking',
    rows: [
      { keys: ['← → ↑ ↓'], what: 'Move the cell cursor' },
      { keys: ['Enter'], what: 'Lock the cell at the cursor, free it' },
      { keys: ['N'], what: 'Lock the next difference, the deciding cells first' },
      { keys: ['Esc'], what: 'Free the locked cell' },
      { keys: ['W'], what: 'Wipe from A to B, or side by side' },
      { keys: ['B'], what: 'Hold: B in A’s place' },
      { keys: ['H'], what: 'Hide or show the marks on the pictures' },
      { keys: ['[', ']'], what: 'One step back, one on' },
      { keys: ['R'], what: 'Replay, stop the replay' },
      { keys: differencePanelViews.map(({ shortcut }) => shortcut), what: viewNames },
    ],
  },
  {
    title: 'Page',
    rows: [
      { keys: ['S'], what: 'Share' },
      { keys: ['O'], what: 'Open a link or a file' },
      { keys: ['T'], what: 'Light or dark' },
      { keys: ['?'], what: 'This help' },
    ],
  },
];

function Word({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return (
    <div className="contents">
      <dt className="font-medium">{name}</dt>
      <dd className="text-mut">{children}</dd>
    </div>
  );
}

export function HelpDialog({
  open,
  onOpenChange,
}: {
  readonly open: boolean;
  readonly onOpenChange: (open: boolean) => void;
}) {
  const command = useCommandKey();
  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      title="Keys and words"
      description="Single keys work whenever you are not typing."
      className="w-[min(720px,calc(100vw-24px))]"
    >
      <div className="grid gap-x-8 gap-y-5 sm:grid-cols-2">
        <div className="grid content-start gap-5">
          {groups(command).map((group) => (
            <section key={group.title}>
              <h3 className="mb-1.5 font-semibold">{group.title}</h3>
              <dl className="grid gap-1.5">
                {group.rows.map((row) => (
                  <div key={row.what} className="flex items-baseline justify-between gap-3">
                    <dt className="order-2 flex flex-wrap justify-end gap-1 text-right">
                      {row.keys.map((key) => (
                        <Kbd key={key}>{key}</Kbd>
                      ))}
                    </dt>
                    <dd className="text-mut">{row.what}</dd>
                  </div>
                ))}
              </dl>
            </section>
          ))}
        </div>
        <section>
          <h3 className="mb-1.5 font-semibold">Words</h3>
          <dl className="grid gap-x-3 gap-y-1 [&_dd]:mb-1.5">
            <Word name="step, cell">One image token, and its row and column; all count from 0.</Word>
            <Word name="coupled, independent">Both sides draw from the same noise, or each from its own.</Word>
            <Word name="first split">The first step at which the two tokens differ.</Word>
            <Word name="side divergence">
              How far apart the two distributions are that the tokens were drawn from, in bits. After the first split
              the histories differ too, so it says little about the prompts.
            </Word>
            <Word name="prompt divergence">
              How far apart the two prompts’ distributions are after the same history, guidance-free, in bits. This is
              the prompts’ own doing.
            </Word>
            <Word name="cross score">
              How many bits more likely a token is under its own prompt than under the other one, on its own history,
              guidance-free.
            </Word>
            <Word name="p, rank, entropy">
              Of the distribution that was sampled from: after guidance, temperature and truncation.
            </Word>
          </dl>
        </section>
      </div>
    </Dialog>
  );
}
