import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Pair } from '@/lib/domain';
import { judgedPair, type JudgedPair, judgeFor } from '@/lib/judge';
import { type ModelLocation, openByManifest, openHubFolder, openJudge, parseCatalogue } from '@/lib/models';
import { DirectorySource } from '@/lib/models/node';

const BUNDLED = fileURLToPath(new URL('../public/models', import.meta.url));

/** The bundled judge that reads the codebook of the model in `folder`; null where there is none. */
export async function judgeOf(folder: string, bundled = BUNDLED): Promise<ModelLocation | null> {
  const index = join(bundled, 'index.json');
  const source = new DirectorySource(folder);
  if (!existsSync(index) || (await openHubFolder(source))) return null;
  const { judges } = parseCatalogue(readFileSync(index, 'utf8'));
  const opened = await Promise.all(
    judges.map(async (name) => ({
      path: join(bundled, name),
      manifest: (await openJudge(new DirectorySource(join(bundled, name)))).manifest,
    })),
  );
  const { files } = await openByManifest(source);
  const found = judgeFor(files.manifest.files.centroids.sha256, opened);
  return found && { kind: 'directory', path: found.path };
}

export interface JudgedJson extends Omit<JudgedPair, 'unreadable'> {
  /** Why a prompt cannot be read, where one cannot: its numbers are null then. */
  readonly unreadable?: Pair<string | null>;
}

/** P(yes) of both pictures for both prompts, as `--json` prints it. */
export async function judgePair(
  judge: ModelLocation,
  prompts: Pair<string>,
  tokens: Pair<Int32Array>,
): Promise<JudgedJson> {
  const { createNodeDecoder } = await import('../lib/engine/node');
  const decoder = createNodeDecoder();
  const { unreadable, ...numbers } = judgedPair(
    await decoder.judge({ judge, pictures: [tokens.a, tokens.b], captions: [prompts.a, prompts.b] }),
    prompts,
  );
  await decoder.dispose();
  return unreadable.a === null && unreadable.b === null ? numbers : { ...numbers, unreadable };
}
