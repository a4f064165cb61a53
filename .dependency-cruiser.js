import { doors, folders, rooms, rows } from './architecture.js';

const escape = (path) => path.replaceAll('.', '\\.');
/** Matches the files of a folder that belong to no folder inside it. */
const filesOf = (folder) => {
  const inner = folders.map((other) => other.folder).filter((other) => other.startsWith(`${folder}/`));
  const except = inner.map((other) => `${escape(other.slice(folder.length + 1))}/`).join('|');
  return `^${escape(folder)}/${except === '' ? '' : `(?!${except})`}`;
};
/** Files that a bundler begins a worker from. */
const entries = '\\.worker\\.ts$';
const tests = '\\.test\\.tsx?$|/testing/|^(tests|e2e|scripts|benchmarks)/';

/** A folder may not import from its own row's others or from a row above. */
const upward = rows
  .flatMap((row, depth) =>
    row.map(({ folder }) => {
      const above = [...rows.slice(0, depth).flat(), ...row]
        .map((other) => other.folder)
        .filter((other) => other !== folder);
      return {
        name: `below-${folder}`,
        comment: `${folder} imports only from rows below its own.`,
        severity: 'error',
        from: { path: filesOf(folder) },
        to: { path: above.map(filesOf) },
      };
    }),
  )
  .filter(({ to }) => to.path.length > 0);

const upstairs = Object.entries(rooms).flatMap(([folder, order]) =>
  order.slice(1).map((room, index) => ({
    name: `below-${folder}/${room}`,
    comment: `Inside ${folder}, rooms import only from rooms below.`,
    severity: 'error',
    from: {
      path: room === '.' ? `^${folder}/[^/]+$` : `^${folder}/${room}/`,
      // A door shows what is in every room.
      pathNot: [tests, `^${folder}/(${[doors.anywhere, doors.inNode].map(escape).join('|')})$`],
    },
    to: {
      path: order.slice(0, index + 1).map((above) => (above === '.' ? `^${folder}/[^/]+$` : `^${folder}/${above}/`)),
    },
  })),
);

const library = folders.map(({ folder }) => folder).filter((folder) => folder.startsWith('lib/'));

/** Another folder's inside is reached through its doors. */
const past = library.map((folder) => ({
  name: `door-of-${folder}`,
  comment: `${folder} is imported through its doors: ${Object.values(doors).join(', ')}.`,
  severity: 'error',
  from: { pathNot: filesOf(folder) },
  to: {
    path: filesOf(folder),
    pathNot: [`^${escape(folder)}/(${Object.values(doors).map(escape).join('|')})$`, entries],
  },
}));

const react = '^(react|react-dom|@base-ui/react|lucide-react|@tanstack/react-query|nuqs|next)(/|$)';

/** @type {import('dependency-cruiser').IConfiguration} */
export default {
  forbidden: [
    { name: 'no-circles', severity: 'error', from: {}, to: { circular: true } },
    ...upward,
    ...upstairs,
    ...past.filter(({ to }) => !to.path.startsWith('^lib/public-files')),
    {
      name: 'portable',
      comment:
        'Only screens, the composition root and files of hooks use React and Next; the rest also runs in workers and in Node.',
      severity: 'error',
      from: { path: '^(lib|cli)/', pathNot: ['hooks\\.ts$', '^lib/state/(services|page/queries)\\.ts$', tests] },
      // nuqs/server reads and writes addresses without React.
      to: { path: `node_modules/${react.slice(1)}`, pathNot: 'nuqs/dist/server' },
    },
    {
      name: 'node-door',
      comment: 'What needs Node is for the command line, for scripts and for tests.',
      severity: 'error',
      from: { path: '^(app|components|lib)/', pathNot: [tests, '/node\\.(worker\\.)?ts$'] },
      to: { path: '^lib/.*/node\\.ts$' },
    },
    {
      name: 'testing-door',
      comment: 'Helpers of tests are for tests.',
      severity: 'error',
      from: { pathNot: tests },
      to: { path: '/testing/' },
    },
    // The benchmarks have packages of their own.
    { name: 'resolvable', severity: 'error', from: { pathNot: '^benchmarks/' }, to: { couldNotResolve: true } },
  ],
  options: {
    // Imports of types count too.
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '\\.css$' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'browser', 'default', 'types'] },
  },
};
