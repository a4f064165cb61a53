'use client';
import { useId, useState } from 'react';
import type { ReactNode } from 'react';
import { Button } from '@/components/ui/button';
import { HUB_ENDPOINT, isRevision, JANUS_PRO_1B, readFolderUrl, readHubReference } from '@/lib/downloads';
import { useLibrary, useLibraryState } from '@/lib/state';
import { readHubEndpoint, writeHubEndpoint } from '@/lib/state/models';
import { filesOfFolder } from './folder-files';

/** One line of text with its label above, and what is wrong with it below. */
function TextField(props: {
  readonly label: string;
  readonly value: string;
  readonly problem?: string | null;
  readonly hint?: ReactNode;
  readonly onChange: (value: string) => void;
}) {
  const { label, value, problem = null, hint, onChange } = props;
  const id = useId();
  return (
    <div className="grid gap-1">
      <label htmlFor={id} className="font-medium">
        {label}
      </label>
      <input
        id={id}
        value={value}
        autoComplete="off"
        autoCapitalize="off"
        spellCheck={false}
        aria-invalid={problem !== null}
        aria-describedby={`${id}-more`}
        onChange={(event) => onChange(event.target.value)}
        className={`num h-8 w-full rounded-lg border bg-bg px-2.5 text-[13px] pointer-coarse:h-10 ${problem === null ? 'border-edge' : 'border-bad'}`}
      />
      <span id={`${id}-more`} className={problem === null ? 'text-[13px] text-mut' : 'text-[13px] text-bad'}>
        {problem ?? hint}
      </span>
    </div>
  );
}

function Submit({ label, disabled }: { readonly label: string; readonly disabled: boolean }) {
  const looking = useLibraryState((state) => state.looking);
  const downloading = useLibraryState((state) => state.download !== null);
  return (
    <Button type="submit" disabled={disabled || looking || downloading}>
      {looking ? 'Looking…' : label}
    </Button>
  );
}

const isEndpoint = (text: string): boolean => {
  try {
    const url = new URL(text);
    return (
      (url.protocol === 'https:' || url.protocol === 'http:') &&
      url.pathname === '/' &&
      url.search === '' &&
      url.hash === ''
    );
  } catch {
    return false;
  }
};

/** A repository of a hub, at a revision. */
export function HubForm() {
  const library = useLibrary();
  const [id, setId] = useState(JANUS_PRO_1B.id);
  const [revision, setRevision] = useState(JANUS_PRO_1B.revision);
  const [endpoint, setEndpoint] = useState(() => readHubEndpoint() ?? HUB_ENDPOINT);
  const base = endpoint.trim().replace(/\/$/, '');
  const reference = readHubReference(id, base);
  const rightRevision = isRevision(revision.trim());
  const rightEndpoint = isEndpoint(base);
  return (
    <form
      className="grid gap-3"
      onSubmit={(event) => {
        event.preventDefault();
        if (reference === null || !rightRevision || !rightEndpoint) return;
        writeHubEndpoint(base === HUB_ENDPOINT ? null : base);
        void library.lookUp({ kind: 'hub', endpoint: base, id: reference.id, revision: revision.trim() });
      }}
    >
      <div className="grid gap-3 sm:grid-cols-2">
        <TextField
          label="Model"
          value={id}
          problem={reference === null ? 'An owner, a slash, and a name; or the address of the model’s page.' : null}
          hint="owner/name, or the address of its page"
          onChange={(text) => {
            setId(text);
            // The pinned commit is of one repository; any other begins at its main branch.
            const next = readHubReference(text, base);
            if (next !== null && next.id !== reference?.id)
              setRevision(next.revision ?? (next.id === JANUS_PRO_1B.id ? JANUS_PRO_1B.revision : 'main'));
            else if (next?.revision) setRevision(next.revision);
          }}
        />
        <TextField
          label="Revision"
          value={revision}
          problem={rightRevision ? null : 'A commit, a branch or a tag.'}
          hint={
            revision === JANUS_PRO_1B.revision
              ? 'the commit that this program was written for'
              : 'a commit, a branch or a tag'
          }
          onChange={setRevision}
        />
      </div>
      <details>
        <summary className="cursor-pointer text-mut select-none">another hub</summary>
        <div className="mt-2">
          <TextField
            label="Address of the hub"
            value={endpoint}
            problem={rightEndpoint ? null : 'An address without a path, such as https://huggingface.co.'}
            hint="a mirror with the same interface"
            onChange={setEndpoint}
          />
        </div>
      </details>
      <div className="flex flex-wrap items-center justify-between gap-2">
        <span className="text-mut">
          Looking asks {rightEndpoint ? new URL(base).host : 'the hub'} for its list of files; nothing large is fetched
          yet.
        </span>
        <Submit label="Look" disabled={reference === null || !rightRevision || !rightEndpoint} />
      </div>
    </form>
  );
}

/** A folder with a manifest at any address. */
export function AddressForm() {
  const library = useLibrary();
  const [text, setText] = useState('');
  const url = readFolderUrl(text);
  return (
    <form
      className="grid gap-3"
      onSubmit={(event) => {
        event.preventDefault();
        if (url !== null) void library.lookUp({ kind: 'url', url });
      }}
    >
      <TextField
        label="Address of the model’s folder"
        value={text}
        problem={text !== '' && url === null ? 'An address that begins with https:// or http://.' : null}
        hint="with a manifest.json that lists its files, as the exporter writes it; the server must allow other sites (CORS)"
        onChange={setText}
      />
      <div className="flex justify-end">
        <Submit label="Look" disabled={url === null} />
      </div>
    </form>
  );
}

/** A folder on this computer. */
export function FolderForm() {
  const library = useLibrary();
  return (
    <div className="grid gap-2">
      <p className="text-mut">
        A folder in the hub’s layout (config.json, tokenizer.json, onnx/…) or one that the exporter made. Nothing is
        uploaded; it is read where it is.
      </p>
      <label className="inline-flex cursor-pointer items-center gap-2 rounded-lg focus-within:outline-2 focus-within:outline-offset-2 focus-within:outline-ink">
        <span className="inline-flex h-7 items-center rounded-lg border border-line px-2.5 hover:bg-soft pointer-coarse:h-9">
          Choose a folder…
        </span>
        <input
          type="file"
          className="sr-only"
          // React does not know the attribute, which every browser has.
          ref={(input) => input?.setAttribute('webkitdirectory', '')}
          onChange={(event) => {
            const input = event.target;
            const folder = filesOfFolder([...(input.files ?? [])]);
            if (folder !== null) void library.lookAt(folder.name, folder.files);
            // So that choosing the same folder again is a change.
            input.value = '';
          }}
        />
      </label>
    </div>
  );
}
