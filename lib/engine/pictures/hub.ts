import { ModelError } from '@/lib/domain';
import { chooseHubFiles, type HubFolder, parseHubConfig, pictureGrid } from '@/lib/models';
import { readGraph } from '../layouts/hub/graphs';
import { assertPictureSize, type PictureContext, type PictureGraph } from './bundled';

/** Pictures are decoded on the CPU. */
const CPU = { webgpu: false, shaderF16: false };

/** Reads `image_decode` of a folder in the hub's layout: int64 [pictures, cells] -> float [pictures, 3, height, width]. */
export async function readHubPictures(
  folder: HubFolder,
  { signal, progress, runtimeBytes }: PictureContext,
): Promise<PictureGraph> {
  const choice = chooseHubFiles(folder.files, CPU);
  const file = choice.graphs.image_decode;
  progress.totalBytes = runtimeBytes + file.bytes;
  const config = parseHubConfig((await folder.read('config.json', { signal })).data);
  const { graph, external, outline } = await readGraph(folder, file, {
    signal,
    onBytes: (path, bytes) => {
      progress.update(path, bytes, 'download', true);
    },
  });
  const [tokens] = outline.inputs;
  const [image] = outline.outputs;
  if (!tokens || !image || tokens.type !== 'int64' || image.type !== 'float32' || image.dims.length !== 4) {
    throw new ModelError('model-mismatch', {
      file: file.path,
      detail: 'it does not turn int64 tokens into float32 pictures',
    });
  }
  const [height, width] = image.dims.slice(2).map((size) => (typeof size === 'number' ? size : 1)) as [number, number];
  assertPictureSize(width, height, file.path);
  const grid = await pictureGrid(
    choice,
    folder.files,
    config,
    async (path) => (await folder.read(path, { signal })).data,
    (_path, from, to) => Promise.resolve(graph.subarray(from, to)),
  );
  return {
    graph,
    external,
    file: file.path,
    input: tokens.name,
    output: image.name,
    cells: grid.rows * grid.columns,
    codes: config.codes,
    image: null,
    backgroundCode: null,
    signed: true,
  };
}
