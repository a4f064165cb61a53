'use client';
import type { ReactNode } from 'react';
import { Button } from '@/components/ui/button';
import { Segmented } from '@/components/ui/segmented';
import type { Manifest, ManifestFile } from '@/lib/models';
import { useBench, useController, useSession } from '@/lib/state';
import { type ProviderChoice, useCatalogue, useModelFiles } from '@/lib/state/models';
import { problemOf } from '@/lib/state/page';
import { BundledModels } from './bundled-models';
import { Capabilities } from './capabilities';
import { formatBytes, providerName } from './format';
import { LoadProgress } from './load-progress';
import { StorageState } from './storage-state';

const choices: readonly { value: ProviderChoice; label: string; title: string }[] = [
  { value: 'auto', label: 'Automatic', title: 'WebGPU where it works, else the CPU' },
  { value: 'webgpu', label: 'WebGPU', title: 'The graphics processor' },
  { value: 'wasm', label: 'CPU', title: 'WebAssembly on the processor' },
];

export interface ModelPanelProps {
  readonly folder: string | undefined;
  readonly manifest: Manifest | undefined;
  /** Why the manifest is not here. */
  readonly missing: Error | null;
  /** Opens the choice of models. */
  readonly onOthers: () => void;
}

export function ModelPanel({ folder, manifest, missing, onOthers }: ModelPanelProps) {
  const model = useSession((state) => state.model);
  const status = useBench((state) => state.status);
  const controller = useController();
  const drawing = status === 'drawing' || status === 'paused';
  return (
    <div className="grid gap-3">
      {missing !== null && (
        <p className="text-bad">{problemOf(missing, 'reading a page')} Recorded comparisons work without it.</p>
      )}
      <BundledModels />
      <dl className="grid grid-cols-[auto_1fr] gap-x-4 gap-y-1">
        {model.info === null ? (
          manifest && (
            <Row name="to load once">
              <ToLoad manifest={manifest} choice={model.choice} />
            </Row>
          )
        ) : (
          <>
            <Row name="runs on">
              {providerName(model.info.executionProvider)}
              {model.info.adapter !== null && ` · ${model.info.adapter}`}
              {model.info.executionProvider === 'wasm' &&
                ` · ${model.info.threads} ${model.info.threads === 1 ? 'thread' : 'threads'}`}
            </Row>
            <Row name="runtime">{model.info.runtime}</Row>
            <Row name="loaded in">
              <span className="num">{(model.info.loadMs / 1000).toFixed(1)} s</span>
            </Row>
            {model.info.kvBytes !== undefined && (
              <Row name="keys and values">
                <span className="num">{formatBytes(model.info.kvBytes)}</span> at most, for prompts of ordinary length
              </Row>
            )}
            {model.info.textByRows && (
              <Row name="text embeddings">
                fetched row by row from their host, which sees which words are typed; not checked
              </Row>
            )}
            {model.tokensPerSecond !== null && (
              <Row name="last run">
                <span className="num">{Math.round(model.tokensPerSecond)}</span> tokens/s, both sides together
              </Row>
            )}
          </>
        )}
        {manifest && (
          <>
            <Row name="weights">
              {manifest.weightType} · <span className="num">{(manifest.parameters / 1e6).toFixed(1)}</span> million
              parameters
            </Row>
            <Row name="draws">
              <span className="num">
                {manifest.grid.rows} × {manifest.grid.columns}
              </span>{' '}
              tokens of <span className="num">{manifest.codes}</span> ·{' '}
              <span className="num">
                {manifest.image.width} × {manifest.image.height}
              </span>{' '}
              pixels
            </Row>
          </>
        )}
        {folder !== undefined && (
          <Row name="revision">
            <span className="num text-[13px] break-all">{folder}</span>
          </Row>
        )}
        <Row name="storage">
          <StorageState />
        </Row>
      </dl>

      {model.phase === 'ready' && model.remark !== null && <p className="text-warn">{model.remark}</p>}
      {model.phase === 'loading' && <LoadProgress progress={model.progress} secondsLeft={model.secondsLeft} />}
      {model.phase === 'failed' && model.problem !== null && <p className="text-bad">{model.problem}</p>}

      <div className="flex flex-wrap items-center justify-between gap-2 border-t border-line pt-3">
        <span className="flex items-center gap-2">
          <span className="text-mut">run on</span>
          <Segmented
            label="Run the model on"
            value={model.choice}
            options={choices}
            onChange={controller.chooseProvider}
          />
        </span>
        {model.phase === 'loading' ? (
          <Button onClick={controller.stop}>Stop loading</Button>
        ) : (
          model.phase !== 'ready' && (
            <Button tone="primary" disabled={drawing} onClick={controller.loadModel}>
              {model.phase === 'failed' ? 'Try again' : 'Load now'}
            </Button>
          )
        )}
      </div>
      <Capabilities manifest={manifest} choice={model.choice} />
      <div className="flex justify-end border-t border-line pt-3">
        <Button onClick={onOthers}>Other models…</Button>
      </div>
    </div>
  );
}

/** What loading takes; of a model that is not the default, what it does not share with that. */
function ToLoad({ manifest, choice }: { readonly manifest: Manifest; readonly choice: ProviderChoice }) {
  const usual = useModelFiles(useCatalogue().data?.default).data?.manifest;
  const files = filesToLoad(manifest, choice);
  const known = new Set(
    usual === undefined || usual === manifest ? [] : Object.values(usual.files).map((file) => file?.sha256),
  );
  const own = files.filter(({ sha256 }) => !known.has(sha256));
  const bytes = (of: readonly ManifestFile[]): string => formatBytes(of.reduce((sum, file) => sum + file.bytes, 0));
  return (
    <>
      <span className="num">{bytes(own)}</span>
      {own.length < files.length && (
        <>
          {' '}
          of its own, <span className="num">{bytes(files.filter((file) => !own.includes(file)))}</span> shared with the
          default model,
        </>
      )}{' '}
      and the runtime; kept in this browser
    </>
  );
}

const filesToLoad = ({ files }: Manifest, choice: ProviderChoice): readonly ManifestFile[] => [
  files.weights,
  files.decoder,
  files.text,
  files[choice === 'wasm' ? 'graph.cpu' : 'graph.webgpu'],
];

function Row({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return (
    <div className="contents">
      <dt className="whitespace-nowrap text-mut">{name}</dt>
      <dd className="min-w-0">{children}</dd>
    </div>
  );
}
