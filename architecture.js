/**
 * The order of the house, from the roof down: a folder imports only from rows below its own, another folder only through its doors.
 * The rules of `.dependency-cruiser.js` and of ESLint are made from this table; `docs/architecture.md` shows it.
 */

/** @typedef {{ folder: string, holds: string, react?: true, dom?: true }} Folder */

/**
 * A row holds folders that do not import one another. `react`: may use React (elsewhere only files named hooks.ts may);
 * `dom`: may use the page's globals; code without it also runs in workers and in Node.
 * @type {readonly (readonly Folder[])[]}
 */
export const rows = [
  [
    { folder: 'tests', holds: 'checks of the whole', dom: true },
    { folder: 'e2e', holds: 'what a person does in a browser', dom: true },
    { folder: 'scripts', holds: 'building, testing, shipping', dom: true },
    { folder: 'benchmarks', holds: 'measurements of speed and size', dom: true },
  ],
  [{ folder: 'app', holds: 'routes: they compose and hold no logic', react: true, dom: true }],
  [
    { folder: 'components', holds: 'screens and their parts', react: true, dom: true },
    { folder: 'cli', holds: '`npm run pair` and `npm run paircomp`' },
    { folder: 'lib/public-files', holds: 'files of `public/` that pages are built from' },
  ],
  [{ folder: 'lib/state', holds: 'the composition root: one set of services behind one context', dom: true }],
  [
    { folder: 'lib/state/paircomp', holds: 'runs of the benchmark on the page', dom: true },
    { folder: 'lib/state/versus', holds: 'one pair on two models', dom: true },
    { folder: 'lib/state/sharing', holds: 'examples, links, files and drafts', dom: true },
  ],
  [{ folder: 'lib/state/bench', holds: 'the comparison on screen and the engine behind it', dom: true }],
  [{ folder: 'lib/state/models', holds: 'which models there are and how their files come here', dom: true }],
  [
    { folder: 'lib/state/codebook', holds: 'vectors by which tokens are compared', dom: true },
    { folder: 'lib/state/page', holds: 'what every feature needs of the page', dom: true },
  ],
  [{ folder: 'lib/paircomp', holds: 'the benchmark: pairs, run loop, scores' }],
  [{ folder: 'lib/jobs', holds: 'draws in the background: what is done is kept, what is not is drawn' }],
  [{ folder: 'lib/engine', holds: 'draws tokens and decodes pictures' }],
  [{ folder: 'lib/judge', holds: 'every judge of pictures, and verdicts' }],
  [
    { folder: 'lib/export', holds: 'CSV and PNG' },
    { folder: 'lib/downloads', holds: 'models of a hub brought into this browser' },
    { folder: 'lib/grpo', holds: 'the report of the reinforcement learning experiment' },
  ],
  [
    { folder: 'lib/measures', holds: 'the mathematics of a comparison' },
    { folder: 'lib/models', holds: 'model folders: manifests, sources, tokenizers' },
    { folder: 'lib/remote', holds: 'requests to other hosts' },
  ],
  [
    { folder: 'lib/comparison', holds: 'the format of links and files, and the trace of numbers by step' },
    { folder: 'lib/prompts', holds: 'word differences and vocabularies' },
    { folder: 'lib/onnx', holds: 'ONNX files read and written' },
    { folder: 'lib/rpc', holds: 'calls into workers' },
  ],
  [{ folder: 'lib/schema', holds: 'foreign JSON read by schema' }],
  [{ folder: 'lib/domain', holds: 'words that three folders or more use: pairs, sampling, steps, pictures, errors' }],
];

/** Rooms inside a folder, from the roof down; they need no doors, and tests may use every room. */
export const rooms = {
  'lib/engine': ['testing', 'workers', '.', 'pictures', 'layouts', 'fit', 'runtime', 'decode', 'interface'],
};

/** How a folder is entered: by everybody; where Node is at hand; by tests. */
export const doors = { anywhere: 'index.ts', inNode: 'node.ts', inTests: 'testing/index.ts' };

export const folders = rows.flat();
