import type { CodebookVectors } from '@/lib/measures';
import { openByManifest, openHubFolder } from '@/lib/models';
import { DirectorySource } from '@/lib/models/node';
import { patchVectors } from '@/lib/state/codebook/node';

/** What the codes of the model in `folder` look like; null where its folder has no picture of them that can be read, as on the page. */
export async function codebookOf(folder: string): Promise<CodebookVectors | null> {
  const source = new DirectorySource(folder);
  if (await openHubFolder(source)) return null;
  const opened = await openByManifest(source);
  if (opened.layout === 'fused-janus') return null;
  const { codes, nearCodeDistance } = opened.files.manifest;
  const picture = await opened.files.read('codebook');
  try {
    return { ...patchVectors(picture, codes), nearDistance: nearCodeDistance };
  } catch {
    return null;
  }
}
