import { ESLint } from 'eslint';
import { describe, expect, test } from 'vitest';

/** What the linter says of one import line in a file at `filePath`. */
async function lint(filePath: string, code: string): Promise<string[]> {
  const eslint = new ESLint({
    // Type-aware rules need files on disk; import directions do not.
    overrideConfig: [{ languageOptions: { parserOptions: { projectService: false, project: null } } }],
    ruleFilter: ({ ruleId }) => ruleId.startsWith('no-restricted-'),
  });
  const results = await eslint.lintText(code, { filePath });
  return results.flatMap(({ messages }) => messages.map(({ ruleId, message }) => ruleId ?? message));
}

const importing = (from: string) => `import { x } from '${from}';\nexport const y = x;\n`;

describe('the linter refuses', () => {
  test.each([
    ['lib/compare/x.ts', '@/components/ui/button'],
    ['lib/state/x.ts', '../../components/ui/button'],
    ['lib/state/x.ts', '@/app/page'],
    ['components/bench/x.tsx', '@/app/page'],
    ['lib/engine/x.ts', 'react'],
    ['lib/comparison/x.ts', 'next/server'],
    ['lib/compare/x.ts', 'react'],
    ['lib/engine/worker-wasm.ts', '../state/bench-store'],
    ['components/bench/x.tsx', '@/lib/engine/decode-loop'],
    ['lib/comparison/x.ts', '../engine/types'],
  ])('%s importing %s', async (file, from) => {
    expect(await lint(file, importing(from))).toEqual(['no-restricted-imports']);
  });

  test("the page's globals in code that runs in workers", async () => {
    expect(await lint('lib/engine/x.ts', 'export const y = document.title;\n')).toEqual(['no-restricted-globals']);
  });
});

describe('the linter lets pass', () => {
  test.each([
    ['app/page.tsx', '@/components/bench/bench'],
    ['components/bench/x.tsx', '@/lib/engine'],
    ['components/bench/x.tsx', '@/lib/state/use-bench'],
    ['lib/comparison/x.ts', '../engine'],
    ['lib/engine/x.ts', './types'],
    ['lib/state/x.ts', 'zustand'],
  ])('%s importing %s', async (file, from) => {
    expect(await lint(file, importing(from))).toEqual([]);
  });
});
