import reactHooks from 'eslint-plugin-react-hooks';
import tseslint from 'typescript-eslint';
import { folders } from './architecture.js';

/** Globals of the page, which code that runs in a worker or in Node must not reach for. */
const pageGlobals = ['window', 'document', 'localStorage', 'sessionStorage', 'HTMLElement', 'requestAnimationFrame'];
const withoutPage = folders.filter(({ dom }) => !dom).map(({ folder }) => `${folder}/**/*.ts`);

// Which folder may import which is checked by dependency-cruiser, from the same table.
export default tseslint.config(
  {
    ignores: [
      '.next/',
      '.cache/',
      'out/',
      'node_modules/',
      'benchmarks/{.cache,node_modules,results}/',
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
  { files: ['scripts/**', 'benchmarks/**', 'e2e/**', '*.mjs', '*.js'], rules: { 'no-console': 'off' } },
  { files: ['**/*.{js,mjs}'], ...tseslint.configs.disableTypeChecked },
  {
    files: ['{app,components,lib/state}/**/*.{ts,tsx}'],
    plugins: { 'react-hooks': reactHooks },
    rules: { 'react-hooks/rules-of-hooks': 'error', 'react-hooks/exhaustive-deps': 'error' },
  },
  {
    files: ['{app,cli,components,lib}/**/*.{ts,tsx}'],
    ignores: ['**/*.test.{ts,tsx}', '**/testing/**', 'lib/schema/**'],
    rules: {
      'no-restricted-properties': [
        'error',
        { object: 'JSON', property: 'parse', message: 'Foreign JSON is read by parseJson of @/lib/schema.' },
      ],
      'no-restricted-syntax': [
        'error',
        {
          selector: "CallExpression[callee.property.name='json'][arguments.length=0]",
          message: 'Foreign JSON is read by parseJson of @/lib/schema, from text or bytes.',
        },
      ],
    },
  },
  { files: withoutPage, rules: { 'no-restricted-globals': ['error', ...pageGlobals] } },
);
