'use client';
import { useState } from 'react';
import type { ReactNode } from 'react';
import { Button } from '@/components/ui/button';
import { Tick } from '@/components/ui/tick';
import { fileUrl, type ModelOrigin } from '@/lib/downloads';
import type { Proposal } from '@/lib/state/models';
import { formatBytes } from './format';
import { LicenceTerms } from './licence-terms';

const stateWords = { whole: 'here', part: 'in part', none: '' } as const;

export interface ProposalCardProps {
  readonly proposal: Proposal;
  readonly onTake: (options: { readonly textByRows: boolean }) => void;
  /** Takes in what answers questions about pictures, or leaves it out. */
  readonly onUnderstanding: (include: boolean) => void;
}

/** What a model that was looked up consists of, takes, and may be used for; and the one press that gets it. */
export function ProposalCard({ proposal, onTake, onUnderstanding }: ProposalCardProps) {
  const [agreed, setAgreed] = useState(false);
  const [textByRows, setTextByRows] = useState(false);
  const { origin, title, files, states, missingBytes, needs, objections, licence, understanding, textTable } = proposal;
  const toDownload = missingBytes - (textByRows ? (textTable?.missingBytes ?? 0) : 0);
  const fatal = objections.some((objection) => objection.fatal);
  const allBytes = files.reduce((sum, { bytes }) => sum + bytes, 0);
  return (
    <section aria-label="What was found" className="grid gap-3 rounded-lg border border-line px-3 py-3">
      <div>
        <h3 className="font-semibold break-all">{title}</h3>
        {origin?.kind === 'hub' && <p className="num text-[13px] break-all text-mut">{origin.revision}</p>}
      </div>
      <table className="w-full text-[13px]">
        <caption className="sr-only">Files</caption>
        <thead className="sr-only">
          <tr>
            <th scope="col">File</th>
            <th scope="col">Size</th>
            <th scope="col">Stored</th>
          </tr>
        </thead>
        <tbody>
          {files.map(({ path, bytes }, index) => {
            const state = states[index];
            return (
              <tr key={path} className="border-b border-line last:border-0">
                <th
                  scope="row"
                  className="num max-w-0 truncate py-0.5 text-left font-normal"
                  title={origin === null ? path : fileUrl(origin, path)}
                >
                  {path}
                </th>
                <td className="num w-24 py-0.5 text-right">{formatBytes(bytes)}</td>
                <td className="w-28 py-0.5 pl-3 text-right text-mut">
                  {origin === null
                    ? ''
                    : state?.state === 'part'
                      ? `${formatBytes(state.bytes)} here`
                      : stateWords[state?.state ?? 'none']}
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
      <dl className="grid grid-cols-[auto_1fr] gap-x-4 gap-y-1">
        <Row name="in all">
          <span className="num">{formatBytes(allBytes)}</span>
          {origin !== null && (
            <>
              , of which <span className="num">{formatBytes(missingBytes)}</span>{' '}
              {missingBytes === 0 ? 'are missing: all of it is here' : 'are not here yet'}
            </>
          )}
        </Row>
        {needs !== null && (
          <>
            <Row name="memory">
              <span className="num">{formatBytes(needs.fileBytes)}</span> of weights and{' '}
              <span className="num">{formatBytes(needs.kvBytes)}</span> for keys and values of two sides
            </Row>
            <Row name="largest buffer">
              <span className="num">{formatBytes(needs.bufferBytes)}</span>
            </Row>
            <Row name="16-bit arithmetic">
              {needs.shaderF16
                ? 'needed (shader-f16); this choice of files is for adapters that have it'
                : 'not needed'}
            </Row>
          </>
        )}
      </dl>
      <ul className="grid gap-1">
        {objections.length === 0 && needs !== null && (
          <Finding tone="good">This device can run it, as far as a page can tell.</Finding>
        )}
        {objections.map(({ fatal: hopeless, text }) => (
          <Finding key={text} tone={hopeless ? 'bad' : 'warn'}>
            {text}
          </Finding>
        ))}
      </ul>
      {understanding !== null && (
        <Tick checked={understanding.included} onChange={onUnderstanding}>
          Also what lets it judge its own pictures on the PairComp page, on the processor:{' '}
          <span className="num">{formatBytes(understanding.files.reduce((sum, { bytes }) => sum + bytes, 0))}</span>
        </Tick>
      )}
      {origin !== null && textTable !== null && textTable.missingBytes > 0 && (
        <Tick checked={textByRows} onChange={setTextByRows}>
          Without the table of text embeddings (<span className="num">{formatBytes(textTable.missingBytes)}</span>):
          fetch the rows of typed words at each Run. {hostOf(origin)} can then see which words are typed, and these rows
          cannot be checked; comparisons say so.
        </Tick>
      )}
      <LicenceTerms licence={licence} origin={origin} />
      <Tick checked={agreed} onChange={setAgreed}>
        {licence === 'deepseek' ? 'I have read the restrictions and keep to them.' : 'I may use this model.'}
      </Tick>
      <div className="flex items-center justify-end gap-3">
        <Button tone="primary" disabled={!agreed || fatal} onClick={() => onTake({ textByRows })}>
          {toDownload > 0 ? `Download ${formatBytes(toDownload)}` : 'Use this model'}
        </Button>
      </div>
    </section>
  );
}

const hostOf = (origin: ModelOrigin): string => new URL(origin.kind === 'hub' ? origin.endpoint : origin.url).host;

function Row({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return (
    <div className="contents">
      <dt className="whitespace-nowrap text-mut">{name}</dt>
      <dd className="min-w-0">{children}</dd>
    </div>
  );
}

function Finding({ tone, children }: { readonly tone: 'good' | 'warn' | 'bad'; readonly children: ReactNode }) {
  return (
    <li className="flex gap-2">
      <span aria-hidden className={tone === 'good' ? 'text-ok' : tone === 'warn' ? 'text-warn' : 'text-bad'}>
        {tone === 'good' ? '✓' : '!'}
      </span>
      <span className="min-w-0">{children}</span>
    </li>
  );
}
