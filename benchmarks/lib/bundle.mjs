import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { root } from './server.mjs';

const peers = fileURLToPath(new URL('../peers', import.meta.url));
export const bundles = fileURLToPath(new URL('../.cache/bundles', import.meta.url));

/** transformers.js brings its own ONNX Runtime; everything else runs on the playground's. */
const playgroundsRuntime = {
  name: 'playgrounds-runtime',
  setup({ onResolve }) {
    onResolve({ filter: /^onnxruntime-web\// }, ({ path, importer }) =>
      importer.includes('@huggingface')
        ? null
        : { path: join(root, 'node_modules/onnxruntime-web/dist', `ort.${path.split('/')[1]}.bundle.min.mjs`) },
    );
  },
};

/** Bundles the page and the workers of all peers. */
export async function bundle() {
  const entries = readdirSync(peers).filter((file) => file.endsWith('.worker.mjs') || file === 'page.mjs');
  await build({
    entryPoints: entries.map((file) => join(peers, file)),
    outdir: bundles,
    bundle: true,
    format: 'esm',
    target: 'es2022',
    minify: true,
    // The playground's packages for its own code, transformers.js from here.
    nodePaths: [join(root, 'node_modules')],
    plugins: [playgroundsRuntime],
    logLevel: 'error',
  });
}
