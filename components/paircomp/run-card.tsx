'use client';
import { Download, Pause, Play, Square } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { Button } from '@/components/ui/button';
import { Card, CardHeader } from '@/components/ui/card';
import { Dialog } from '@/components/ui/dialog';
import { Notice } from '@/components/ui/notice';
import { judgeKey, PUBLISHED_JUDGE } from '@/lib/paircomp';
import { useBench, usePaircomp, usePaircompController } from '@/lib/state';
import { picturesZip, saveAs } from './downloads';
import { FileButton } from './file-button';
import { useJudgeHost } from './judge-fields';
import type { JudgedRun } from './use-judged-run';
import { wait } from './words';

/** How far the run is, and what can be done with it. */
export function RunCard({ judged }: { readonly judged: JudgedRun }) {
  const { run } = judged;
  const { drawn, total, drawMs } = usePaircomp((state) => state.progress);
  const activity = usePaircomp((state) => state.activity);
  const elsewhere = usePaircomp((state) => state.elsewhere);
  const benchDraws = useBench(
    (state) => state.status === 'drawing' || state.status === 'paused' || state.status === 'loading',
  );
  const controller = usePaircompController();
  const host = useJudgeHost();
  const skipped = run.skipped.length * run.images;
  const isDone = drawn + skipped >= total;
  const isRunning = activity === 'drawing' || activity === 'pausing';
  const left = Math.max(0, total - drawn - skipped);
  return (
    <Card aria-label="Run">
      <CardHeader className="h-auto! min-h-9 flex-wrap whitespace-normal!">
        <h2 className="min-w-0 flex-1 py-1.5">
          <bdi className="font-semibold">{run.pairsTitle}</bdi>{' '}
          <span className="text-mut">
            {run.model === null ? (
              '· scores from a file'
            ) : (
              <>
                · <bdi>{run.model.title}</bdi> · seed <span className="num">{run.settings.seed}</span>
              </>
            )}
          </span>
        </h2>
        {isRunning ? (
          <>
            <Button
              onClick={controller.pause}
              disabled={activity === 'pausing'}
              title="Ends after the picture under way"
            >
              <Pause size={13} aria-hidden /> {activity === 'pausing' ? 'Pausing…' : 'Pause'}
            </Button>
            <Button onClick={controller.stop} title="Ends at once; the picture under way is given up">
              <Square size={12} aria-hidden /> Stop
            </Button>
          </>
        ) : (
          !isDone &&
          !elsewhere && (
            <Button tone="primary" onClick={() => void controller.resume()} disabled={activity !== 'none'}>
              <Play size={13} aria-hidden /> {host === null ? 'Go on' : `Go on, and send to ${host}`}
            </Button>
          )
        )}
      </CardHeader>
      <div className="grid gap-2.5 p-3.5">
        {total > 0 && (
          <>
            <span
              role="progressbar"
              aria-label="Drawn of the run"
              aria-valuemin={0}
              aria-valuemax={total}
              aria-valuenow={drawn + skipped}
              className="block h-1.5 overflow-hidden rounded-full bg-line"
            >
              <span
                className="block h-full origin-left rounded-full bg-ink transition-transform duration-200"
                style={{ transform: `scaleX(${(drawn + skipped) / total})` }}
              />
            </span>
            <p className="flex flex-wrap gap-x-4 gap-y-0.5" aria-live="off">
              <span>
                <span className="num font-medium">{(2 * drawn).toLocaleString('en')}</span>{' '}
                <span className="text-mut">of</span> <span className="num">{(2 * total).toLocaleString('en')}</span>{' '}
                <span className="text-mut">pictures</span>
              </span>
              {isRunning && drawMs !== null && (
                <>
                  <span>
                    <span className="num">{(60_000 / (drawMs * run.images)).toFixed(1)}</span>{' '}
                    <span className="text-mut">pairs a minute</span>
                  </span>
                  <span>
                    <span className="text-mut">about</span> <span className="num">{wait(drawMs * left)}</span>{' '}
                    <span className="text-mut">left</span>
                  </span>
                </>
              )}
              {isRunning && benchDraws && <span className="text-mut">waits for the bench</span>}
              <span role="status">
                {elsewhere
                  ? 'Another tab is drawing this run: what it finishes comes in here. It can go on here once that tab pauses.'
                  : isDone
                    ? 'Finished.'
                    : isRunning
                      ? ''
                      : 'Paused: what is finished is kept.'}
              </span>
            </p>
          </>
        )}
        {judged.tally.unscored > 0 && (
          <p className="text-mut">
            <span className="num text-ink">{judged.tally.unscored.toLocaleString('en')}</span> pictures without a score
            of this judge; their <span className="num text-ink">{judged.tally.unscoredPairs.toLocaleString('en')}</span>{' '}
            pairs count in no mean. The first: {judged.tally.reason}
          </p>
        )}
        {run.skipped.length > 0 && (
          <p className="text-mut">
            <span className="num text-ink">{run.skipped.length}</span> pairs cannot be drawn by this model:{' '}
            {run.skipped[0]?.reason}
          </p>
        )}
        <Files judged={judged} />
      </div>
    </Card>
  );
}

function Files({ judged }: { readonly judged: JudgedRun }) {
  const { run, judge, tally } = judged;
  const controller = usePaircompController();
  const host = useJudgeHost();
  const activity = usePaircomp((state) => state.activity);
  const elsewhere = usePaircomp((state) => state.elsewhere);
  const choice = usePaircomp((state) => state.form.judge);
  const [zipping, setZipping] = useState<number | null>(null);
  const [failed, setFailed] = useState(false);
  const [file, setFile] = useState<File | null>(null);
  const stopped = useRef<AbortController | null>(null);
  useEffect(() => () => stopped.current?.abort(), []);
  const drawn = judged.results.draws.size;

  const zip = async (): Promise<void> => {
    const abort = new AbortController();
    stopped.current = abort;
    setFailed(false);
    setZipping(0);
    try {
      const blob = await picturesZip([...judged.results.draws.values()], controller, abort.signal, setZipping);
      if (!abort.signal.aborted) saveAs(blob, 'paircomp-pictures.zip');
    } catch {
      if (!abort.signal.aborted) setFailed(true);
    }
    setZipping(null);
  };

  return (
    <>
      <div className="flex flex-wrap gap-1.5">
        {run.model !== null && (
          <Button
            disabled={drawn === 0 || zipping !== null}
            onClick={() => void zip()}
            title="X_Y_Z.png, as the authors’ evaluation reads them"
          >
            <Download size={13} aria-hidden />
            {zipping === null ? 'Pictures (zip)' : `Packing ${zipping} of ${drawn}…`}
          </Button>
        )}
        <Button
          disabled={judge === null || tally.scored.length === 0}
          onClick={() =>
            judge &&
            saveAs(
              new Blob([controller.scoresFile(judgeKey(judge))], { type: 'application/json' }),
              'paircomp-scores.json',
            )
          }
          title="The authors’ scores file, of the judge shown"
        >
          <Download size={13} aria-hidden />
          Scores
        </Button>
        <FileButton label="Import scores…" onFile={setFile} />
        {run.model !== null &&
          drawn > 0 &&
          (choice === 'endpoint' || choice === 'janus') &&
          activity === 'none' &&
          !elsewhere && (
            <Button
              disabled={choice === 'endpoint' && host === null}
              onClick={() => void controller.resume()}
              title="Asks the judge chosen under New run about every picture that it has not seen"
            >
              {host === null ? 'Judge' : `Judge, and send to ${host}`}
            </Button>
          )}
      </div>
      {failed && (
        <Notice tone="error" action={{ label: 'Try again', onPress: () => void zip() }}>
          The pictures could not be packed.
        </Notice>
      )}
      <ImportDialog file={file} onClose={() => setFile(null)} />
    </>
  );
}

/** Asks whose scores a file holds: the file itself does not say. */
function ImportDialog({ file, onClose }: { readonly file: File | null; readonly onClose: () => void }) {
  const controller = usePaircompController();
  const [name, setName] = useState(PUBLISHED_JUDGE);
  return (
    <Dialog
      open={file !== null}
      onOpenChange={(open) => !open && onClose()}
      title="Whose scores are these?"
      description="A scores file does not name its judge. Scores of different judges are shown one beside the other, and never put together."
    >
      <form
        className="grid gap-3"
        onSubmit={(event) => {
          event.preventDefault();
          const judge = name.trim();
          if (file === null || judge === '') return;
          onClose();
          void file.text().then((text) => controller.importScores(text, judge));
        }}
      >
        <label className="grid gap-1">
          <span>Judge</span>
          <input
            value={name}
            maxLength={60}
            required
            onChange={(event) => setName(event.target.value)}
            className="h-8 rounded-lg border border-edge bg-bg px-2.5"
          />
        </label>
        <Button type="submit" tone="primary" className="justify-self-end">
          Import <bdi className="max-w-48 truncate">{file?.name ?? ''}</bdi>
        </Button>
      </form>
    </Dialog>
  );
}
