import reactHooks from 'eslint-plugin-react-hooks';
import tseslint from 'typescript-eslint';

/** Packages and globals of the page, which code that runs in a worker or in Node must not reach for. */
const react = ['react', 'react/*', 'react-dom', 'react-dom/*', '@base-ui/*', 'lucide-react', '@tanstack/*', 'nuqs'];
const next = ['next', 'next/*'];
const app = ['@/app/*', '**/app/*'];
const components = ['@/components/*', '**/components/*'];
const state = ['@/lib/state/*', '**/lib/state/*', '**/state/*'];
const engineInside = ['@/lib/engine/*', '**/engine/*', '!./*', '!**/engine/index', '!@/lib/engine/index'];
const domGlobals = ['window', 'document', 'localStorage', 'sessionStorage', 'HTMLElement', 'requestAnimationFrame'];

/** @param {Record<string, string[]>} forbidden message -> patterns */
const imports = (forbidden) => ({
  'no-restricted-imports': [
    'error',
    { patterns: Object.entries(forbidden).map(([message, group]) => ({ group, message })) },
  ],
});

const direction = 'Imports go app -> components -> lib, never back.';
const door = 'Import the engine through lib/engine/index.ts.';
const portable = 'This code runs in workers and in Node: no React, no Next.';

export default tseslint.config(
  {
    ignores: [
      '.next/',
      '.cache/',
      'out/',
      'node_modules/',
      'bench/',
      'training/',
      'public/',
      'next-env.d.ts',
      'test-results/',
      'playwright-report/',
    ],
  },
  ...tseslint.configs.recommendedTypeChecked,
  {
    languageOptions: { parserOptions: { projectService: { allowDefaultProject: ['*.js', '*.mjs', 'scripts/*.mjs'] } } },
    rules: {
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      'no-console': 'error',
    },
  },
  { files: ['scripts/**', 'e2e/**', '*.mjs', '*.js'], rules: { 'no-console': 'off' } },
  { files: ['**/*.{js,mjs}'], ...tseslint.configs.disableTypeChecked },
  {
    files: ['app/**/*.{ts,tsx}', 'components/**/*.{ts,tsx}', 'lib/state/**/*.{ts,tsx}'],
    plugins: { 'react-hooks': reactHooks },
    rules: { 'react-hooks/rules-of-hooks': 'error', 'react-hooks/exhaustive-deps': 'error' },
  },
  { files: ['app/**'], rules: imports({ [door]: engineInside }) },
  { files: ['components/**'], rules: imports({ [direction]: app, [door]: engineInside }) },
  { files: ['lib/**'], rules: imports({ [direction]: [...app, ...components], [door]: engineInside }) },
  {
    files: ['lib/{comparison,compare,trace,models,downloads,remote,export,paircomp}/**'],
    rules: {
      ...imports({
        [direction]: [...app, ...components, ...state],
        [door]: engineInside,
        [portable]: [...react, ...next],
      }),
      'no-restricted-globals': ['error', ...domGlobals],
    },
  },
  {
    // Downloads and requests to other hosts run in workers of their own, over the same channel as the engine's.
    files: ['lib/{downloads,remote}/**'],
    rules: imports({
      [direction]: [...app, ...components, ...state],
      [door]: [...engineInside, '!**/engine/rpc'],
      [portable]: [...react, ...next],
    }),
  },
  {
    files: ['lib/engine/**'],
    rules: {
      ...imports({ [direction]: [...app, ...components, ...state], [portable]: [...react, ...next] }),
      'no-restricted-globals': ['error', ...domGlobals],
    },
  },
);
