'use client';
import { Play, Square } from 'lucide-react';
import { useState } from 'react';
import { settingsWords } from '@/components/bench/settings-words';
import { LoadingLine } from '@/components/models/load-progress';
import { Button } from '@/components/ui/button';
import { Segmented } from '@/components/ui/segmented';
import type { SamplingSettings } from '@/lib/domain';
import { useSession, useVersus, useVersusState } from '@/lib/state';
import { useNameAmongModels } from '@/lib/state/models';
import { PairFields } from './pair-fields';
import { SheetShare } from './sheet-share';
import { type ModelsToCompare, useModelsToCompare } from './use-models';
import { VersusSheet } from './versus-sheet';

interface VersusPanelProps {
  /** Null while one of them cannot be used. */
  readonly settings: SamplingSettings | null;
  /** Why a setting cannot be used. */
  readonly problem: string | null;
  /** A row was put on the bench. */
  readonly onOpened: () => void;
}

/** What is to be drawn on which two models, and the sheet of what was. */
export function VersusPanel({ settings, problem, onOpened }: VersusPanelProps) {
  const models = useModelsToCompare();
  const failed = useVersusState((state) => state.problem);
  const shown = useVersusState(({ sheet }) => (sheet === null ? 'nothing' : sheet.opened ? 'opened' : 'drawn'));
  const form = models && <Form models={models} settings={settings} problem={problem} />;
  return (
    <div className="grid grid-cols-1 gap-4">
      {shown !== 'opened' && form}
      {failed !== null && (
        <p role="alert" className="text-bad">
          {failed}
        </p>
      )}
      {shown !== 'nothing' && (
        <>
          <VersusSheet onOpened={onOpened} />
          <SheetShare />
        </>
      )}
      {shown === 'opened' && form && (
        <section aria-label="A pair of your own" className="grid gap-2 border-t border-line pt-4">
          <h3 className="font-semibold">A pair of your own</h3>
          {form}
        </section>
      )}
    </div>
  );
}

function Form({
  models,
  settings,
  problem,
}: { readonly models: ModelsToCompare } & Pick<VersusPanelProps, 'settings' | 'problem'>) {
  const versus = useVersus();
  const prompts = useSession((state) => state.prompts);
  const drawing = useVersusState((state) => state.activity === 'drawing' && state.sheet?.opened !== true);
  const [folders, setFolders] = useState(models.usual);
  const isEmpty = prompts.a.trim() === '' || prompts.b.trim() === '';
  const start = (): void => {
    if (settings !== null && !isEmpty) void versus.start({ prompts, settings, folders });
  };
  /** Choosing the model of the other row changes places. */
  const choose = (row: 0 | 1, folder: string): void => {
    const [one, other] = folders;
    if (row === 0) setFolders([folder, folder === other ? one : other]);
    else setFolders([folder === one ? other : one, folder]);
  };
  return (
    <div className="grid grid-cols-1 gap-3">
      <PairFields folder={folders[0]} onEnter={start} />
      {models.folders.length > 2 && (
        <div className="flex flex-wrap gap-x-5 gap-y-2">
          <ModelChoice
            label="first row"
            folders={models.folders}
            value={folders[0]}
            onChange={(folder) => choose(0, folder)}
          />
          <ModelChoice
            label="second row"
            folders={models.folders}
            value={folders[1]}
            onChange={(folder) => choose(1, folder)}
          />
        </div>
      )}
      <div className="flex flex-wrap items-center gap-x-3 gap-y-2">
        {drawing ? (
          <Button onClick={versus.stop}>
            <Square size={11} aria-hidden className="fill-current" />
            Stop
          </Button>
        ) : (
          <Button tone="primary" disabled={settings === null || isEmpty} onClick={start}>
            <Play size={13} aria-hidden />
            Draw on both models
          </Button>
        )}
        {drawing ? (
          <Progress />
        ) : (
          <span className="min-w-0 text-[13px] text-mut">{settings === null ? problem : settingsWords(settings)}</span>
        )}
      </div>
    </div>
  );
}

function ModelChoice(props: {
  readonly label: string;
  readonly folders: readonly string[];
  readonly value: string;
  readonly onChange: (folder: string) => void;
}) {
  const { label, folders, value, onChange } = props;
  return (
    <span className="flex items-center gap-2">
      <span className="text-mut">{label}</span>
      <Segmented
        label={`Model of the ${label}`}
        value={value}
        options={folders.map((folder) => ({ value: folder, label: <Name folder={folder} /> }))}
        onChange={onChange}
      />
    </span>
  );
}

function Name({ folder }: { readonly folder: string }) {
  return useNameAmongModels(folder);
}

/** Which row is drawn and how far it is, or how far its model is loaded. */
function Progress() {
  const row = useVersusState(({ sheet }) => sheet?.rows.find(({ judged }) => judged === undefined));
  const model = useSession((state) => state.model);
  const total = row?.frame ? row.frame.grid.rows * row.frame.grid.columns : null;
  if (model.phase === 'loading') return <LoadingLine progress={model.progress} secondsLeft={model.secondsLeft} />;
  if (row === undefined) return null;
  return (
    <span className="flex items-center gap-2 text-mut" aria-live="off">
      <Name folder={row.folder} />
      {total === null ? (
        'is next…'
      ) : row.drawn < total ? (
        <span className="num">{`${row.drawn} / ${total}`}</span>
      ) : (
        'is judged…'
      )}
    </span>
  );
}
